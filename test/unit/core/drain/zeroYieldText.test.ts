import assert from 'node:assert/strict';
import type { ZeroYield } from '../../../../src/core/drain/zeroYield.ts';
import { zeroYieldText } from '../../../../src/core/drain/drainResult.ts';

const because = (evidence: string): ZeroYield => ({
  code: 'failed_before_llm',
  cause: 'failed-before-model',
  evidence,
  advice: 'Repair it.',
});

describe('why there is no telemetry, in words', () => {
  it('quotes what the error does not tell', () => {
    assert.equal(zeroYieldText(because('Telemetry is off'), 'PATCH_FAILED'), 'Telemetry is off. Repair it.');
    assert.equal(zeroYieldText(because('Telemetry is off!'), null), 'Telemetry is off! Repair it.');
  });

  it('does not say again what the error tells already, with more around it or cut short', () => {
    const evidence = "ModuleNotFoundError: No module named 'autopack'";
    for (const error of [evidence, `${evidence}.`, `Builder failed:  ${evidence} (attempt 2)`]) {
      assert.equal(zeroYieldText(because(evidence), error), 'Repair it.');
    }
    const long = `ImportError: ${'x'.repeat(400)}`;
    assert.equal(zeroYieldText(because(long.slice(0, 300)), long), 'Repair it.');
  });
});
