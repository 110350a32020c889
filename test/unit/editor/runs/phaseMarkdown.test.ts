import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { phaseMarkdown } from '../../../../src/editor/runs/phaseMarkdown.ts';
import { formatDateTime } from '../../../../src/core/text/times.ts';
import { examplePhase } from '../support/examples.ts';

describe('the document of a phase', () => {
  it('has every fact that is known, under its own heading', () => {
    const text = phaseMarkdown(
      examplePhase({
        state: 'FAILED',
        failureReason: 'Traceback:\n  line 1',
        description: 'Write it.\nTest it.',
        scope: { paths: ['src/'], readOnlyContext: ['docs/'], deliverables: ['src/a.py'] },
        builderAttempts: 2,
        maxBuilderAttempts: 3,
        startedAt: Date.UTC(2025, 11, 24, 10),
        completedAt: Date.UTC(2025, 11, 24, 10, 15),
      }),
      '/project/legacy.db',
    );
    assert.match(text, /^# phase-a\n\n\*\*failed\*\* in run `run-a`, index 0\n\nPhase A\n/);
    assert.match(text, /## Why it failed\n\n```text\nTraceback:\n {2}line 1\n```/);
    assert.match(text, /## Task\n\nWrite it\. {2}\nTest it\./);
    assert.match(text, /- \*\*Builder attempts\*\*: 2 of 3/);
    assert.match(text, new RegExp(`${formatDateTime(Date.UTC(2025, 11, 24, 10))}$`, 'm'));
    assert.match(text, /- \*\*Took\*\*: 15 min/);
    assert.match(text, /## Deliverables\n\n- `src\/a\.py`\n/);
    assert.match(text, /`\/project\/legacy\.db`, row 7 of `phases`\n$/);
  });

  it('has no heading without facts', () => {
    assert.doesNotMatch(phaseMarkdown(examplePhase(), '/x.db'), /Why it failed|Task|Deliverables|Times/);
  });
});
