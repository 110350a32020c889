import assert from 'node:assert/strict';
import {
  exceedanceChance,
  rateEvidence,
  sequenceReach,
  trialsMissing,
} from '../../../../../src/core/telemetry/statistics/alwaysValid.ts';
import { seededRandom } from '../../../../../src/core/telemetry/statistics/clusterBootstrap.ts';
import { normalNumbers } from '../calibration/simulatedSamples.ts';
import { close } from './close.ts';

const repetitions = 1000;

describe('always-valid tests', () => {
  it('raise a false alarm in 5 % of series at most, though one looks after every trial', () => {
    const random = seededRandom(4);
    let [ever, atFixedLevel] = [0, 0];
    for (let series = 0; series < repetitions; series += 1) {
      let [hits, alarm, fixed] = [0, false, false];
      for (let trial = 1; trial <= 300; trial += 1) {
        hits += Number(random() < 0.05);
        alarm ||= rateEvidence(hits, trial, 0.05) >= 20;
        // A test of one look, by the normal approximation, asked again and again.
        fixed ||= trial >= 20 && hits / trial > 0.05 + 1.645 * Math.sqrt((0.05 * 0.95) / trial);
      }
      ever += Number(alarm);
      atFixedLevel += Number(fixed);
    }
    assert.ok(ever / repetitions <= 0.05, `${ever} of ${repetitions}`);
    assert.ok(atFixedLevel / repetitions > 0.2, `${atFixedLevel} of ${repetitions}`);
  });

  it('hold the mean in 95 % of series at every look', () => {
    const random = seededRandom(5);
    const normal = normalNumbers(random);
    let missed = 0;
    for (let series = 0; series < repetitions; series += 1) {
      let [sum, outside] = [0, false];
      for (let count = 1; count <= 300; count += 1) {
        sum += normal();
        outside ||= Math.abs(sum / count) > sequenceReach(count, 0.05) / Math.sqrt(count);
      }
      missed += Number(outside);
    }
    assert.ok(missed / repetitions <= 0.05, `${missed} of ${repetitions}`);
  });

  it('find a quarter underestimated certain from some 20 to 30 trials on, and say how many are missing', () => {
    assert.ok(rateEvidence(5, 20, 0.05) < 20);
    assert.ok(rateEvidence(7, 28, 0.05) >= 20);
    const missing = trialsMissing(5, 20, 0.05, 0.05) ?? NaN;
    assert.ok(missing >= 1 && missing <= 8, `${missing}`);
    assert.equal(trialsMissing(1, 20, 0.05, 0.05), null);
    assert.equal(rateEvidence(0, 20, 0.05), 1);
  });
});

describe('exceedances of a bound', () => {
  it('are beta-binomial: by simulation', () => {
    const random = seededRandom(6);
    const [earlier, later, rank] = [40, 30, 39];
    const counts = [0, 0, 0, 0, 0];
    for (let series = 0; series < 4000; series += 1) {
      const bound = Float64Array.from({ length: earlier }, random).sort()[rank - 1] ?? NaN;
      const exceeding = Float64Array.from({ length: later }, random).filter((score) => score > bound).length;
      for (const least of counts.keys()) if (exceeding >= least) counts[least] = (counts[least] ?? 0) + 1;
    }
    for (const [least, count] of counts.entries())
      close(exceedanceChance(least, later, rank, earlier), count / 4000, 0.025);
  });
});
