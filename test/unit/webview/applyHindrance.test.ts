import assert from 'node:assert/strict';
import { calibrate } from '../../../src/core/telemetry/calibration/calibrate.ts';
import { applyBlocker } from '../../../src/webview/model/pageModel.ts';
import { seededKinds, simulatedSamples } from '../core/telemetry/calibration/simulatedSamples.ts';

const proposed = calibrate(simulatedSamples({ kinds: seededKinds, phases: 50 }));
const withheld = calibrate(simulatedSamples({ kinds: seededKinds, phases: 10 }));

describe('what keeps a proposal from being applied', () => {
  it('is nothing where it is proposed in a trusted workspace', () => {
    assert.equal(applyBlocker({ result: proposed, trusted: true, applied: null }), null);
  });

  it('is Restricted Mode, a browser, a gate not passed, nothing to change, or that it was applied', () => {
    const of = (but: Partial<Parameters<typeof applyBlocker>[0]>): string | null =>
      applyBlocker({ result: proposed, trusted: true, applied: null, ...but });
    assert.match(of({ trusted: false }) ?? '', /^Nothing is written in Restricted Mode/);
    assert.match(of({ trusted: false, isInBrowser: true }) ?? '', /^Nothing is written in the browser/);
    assert.match(
      of({ result: withheld }) ?? '',
      /^A withheld proposal .* Not passed: .*Phases with clean samples/,
    );
    const idle = { ...proposed, verdict: 'withheld', reasons: ['Nothing needs changing.'] } as const;
    assert.equal(of({ result: idle }), 'A withheld proposal cannot be applied. Nothing needs changing.');
    assert.match(of({ applied: { estimator: 'e', kept: 'k' } }) ?? '', /^It was applied\./);
  });
});
