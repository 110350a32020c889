import assert from 'node:assert/strict';
import { calibrate } from '../../../../../src/core/telemetry/calibration/calibrate.ts';
import { missingEvidenceWords } from '../../../../../src/core/telemetry/calibration/calibrationGates.ts';
import { renderCalibrationReport } from '../../../../../src/core/telemetry/calibration/calibrationReport.ts';
import type { CalibrationResult } from '../../../../../src/core/telemetry/calibration/calibrationProposal.ts';
import { columnsOf, drawCalls } from '../../../../support/calibrationSimulation.ts';
import { seededKinds, simulatedSamples } from './simulatedSamples.ts';

const needOf = ({ gates }: CalibrationResult): string => gates.find(({ id }) => id === 'need')?.detail ?? '';

describe('what a calibration needs', () => {
  it('proposes nothing where estimate and safety factor are off in opposite ways, so that no prediction would move', () => {
    const exact = calibrate(
      simulatedSamples({
        kinds: seededKinds,
        phases: 60,
        but: (_, { predicted }) => ({ actual: predicted }),
      }),
    );
    assert.equal(exact.verdict, 'withheld');
    assert.match(needOf(exact), /^Nothing needs changing: 0\.0 % of 60 phases/);
  });

  it('does not say that nothing needs changing where too few phases are known', () => {
    const one = calibrate(simulatedSamples({ kinds: seededKinds, phases: 1, samplesPerPhase: 25 }));
    assert.match(
      needOf(one),
      /^No change is known to be needed yet: 0\.0 % of 1 phase .* \(95 %: 0\.0 to 79\.3\)/,
    );
  });

  it('says why a kind that is too high is not lowered without a bound', () => {
    const { groups } = calibrate(columnsOf(drawCalls({ phases: 80, cutOff: 0.15, seed: 3 })));
    const kept = groups.filter(
      ({ action, estimate }) => action === 'keep' && (estimate?.pooledFactor ?? 1) < 0.9,
    );
    assert.ok(kept.length > 0);
    for (const { reasoning } of kept) assert.match(reasoning, /but without a bound nothing is lowered\.$/);
  });

  it('sends to the database where only logs were read, for they name no deliverables', () => {
    const logs = simulatedSamples({ kinds: seededKinds, phases: 60, but: () => ({ deliverables: null }) });
    const { verdict, toSeed } = calibrate(logs);
    assert.deepEqual([verdict, toSeed.withoutDeliverables], ['withheld', 60]);
    assert.match(
      missingEvidenceWords(toSeed)[0] ?? '',
      /^Calibrate with the database of these phases: the deliverables of 60 phases are not known/,
    );
    const whole = calibrate(simulatedSamples({ kinds: seededKinds, phases: 60 }));
    assert.doesNotMatch(missingEvidenceWords(whole.toSeed).join(' '), /Calibrate with the database/);
  });

  it('asks for phases of another category and complexity where there is one kind', () => {
    const one = calibrate(simulatedSamples({ kinds: seededKinds.slice(2, 3), phases: 60 }));
    assert.deepEqual(one.toSeed.other, ['category', 'complexity']);
    assert.match(renderCalibrationReport(one), /- Seed phases of another category and complexity\./);
  });
});
