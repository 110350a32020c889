import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Phase } from '../../../../src/core/model/phase.ts';
import type { RunDetail } from '../../../../src/core/model/run.ts';
import { compareRuns } from '../../../../src/core/model/runComparison.ts';
import { exampleRun } from '../../editor/support/exampleRun.ts';
import { examplePhase } from '../../editor/support/examples.ts';

function run(id: string, phases: readonly Partial<Phase>[]): RunDetail {
  return {
    run: exampleRun({ id }),
    tiers: [],
    phases: phases.map((each) => examplePhase({ runId: id, ...each })),
  };
}

describe('compareRuns', () => {
  it('tells only what differs, and how much is the same', () => {
    const left = run('a', [
      { phaseId: 'same', state: 'COMPLETE', completedAt: 1 },
      { phaseId: 'tokens', tokensUsed: 10 },
      { phaseId: 'reason', state: 'FAILED', failureReason: 'one' },
      { phaseId: 'gone' },
    ]);
    const right = run('b', [
      { phaseId: 'new' },
      { phaseId: 'same', state: 'COMPLETE', completedAt: 2 },
      { phaseId: 'tokens', tokensUsed: 20 },
      { phaseId: 'reason', state: 'FAILED', failureReason: 'another' },
    ]);
    const { differences, same } = compareRuns(left, right);
    assert.equal(same, 1);
    assert.deepEqual(
      differences.map(({ phaseId, left: a, right: b }) => [phaseId, a !== null, b !== null]),
      [
        ['tokens', true, true],
        ['reason', true, true],
        ['gone', true, false],
        ['new', false, true],
      ],
    );
  });
});
