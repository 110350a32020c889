import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { phaseDescription, phaseLabel, phaseTooltip } from '../../../../src/editor/runs/runTexts.ts';
import { examplePhase } from '../support/examples.ts';

describe('the texts of a phase', () => {
  it('leave out what is unknown or zero', () => {
    assert.equal(phaseDescription(examplePhase()), 'implementation · low');
    assert.equal(phaseDescription(examplePhase({ category: null, complexity: null })), '');
    assert.equal(
      phaseDescription(examplePhase({ builderAttempts: 2, tokensUsed: 12_195 })),
      'implementation · low · 2 attempts · 12.2K tokens',
    );
  });

  it('name the phase by its id, by its name only where the id is a UUID', () => {
    assert.equal(phaseLabel(examplePhase()), 'phase-a');
    assert.equal(phaseLabel(examplePhase({ phaseId: 'e757b008-cbef-4cfa-8bfd-70071dae23cd' })), 'Phase A');
  });

  it('tell in the tooltip why it failed, harmless whatever the reason holds', () => {
    const phase = examplePhase({ state: 'FAILED', failureReason: '[click](command:x) $(bug)' });
    const text = phaseTooltip(phase);
    assert.ok(text.includes(String.raw`$(error) \[click\](command:x) \$(bug)`), text);
  });

  it('shorten a long scope', () => {
    const deliverables = Array.from({ length: 20 }, (_, index) => `src/file${index}.py`);
    const text = phaseTooltip(examplePhase({ scope: { paths: [], readOnlyContext: [], deliverables } }));
    assert.match(text, /`src\/file7\.py` and 12 more/);
  });
});
