import assert from 'node:assert/strict';
import { markDuplicates } from '../../../../src/core/telemetry/markDuplicates.ts';
import { countSuspicions, listSuspects } from '../../../../src/core/telemetry/suspects.ts';
import { TotalUsage } from '../../../../src/core/telemetry/totalUsage.ts';
import type { TelemetrySamples } from '../../../../src/core/telemetry/telemetrySamples.ts';
import { sample, samplesOf } from './sampleFixtures.ts';

const reasons = (samples: TelemetrySamples) => listSuspects(samples, 100).map((one) => one.reasons);
/** The one phase of the fixtures has the first number. */
const thePhase = 0;

describe('suspect samples', () => {
  it('are those whose output is the total usage of a call or of the whole phase', () => {
    const usage = new TotalUsage();
    usage.add(thePhase, 5000, 800, 5800);
    usage.add(thePhase, 2000, 300, NaN);
    const samples = samplesOf(
      sample({ actual: 800 }),
      sample({ actual: 300 }),
      sample({ actual: 5800 }),
      sample({ actual: 2300 }),
      sample({ actual: 8100 }),
      sample({ actual: 5801 }),
      sample({ actual: 5800, phaseId: 'other' }),
      sample({ actual: 5800, truncated: true }),
    );
    usage.mark(samples);
    assert.deepEqual(
      listSuspects(samples, 100).map(({ actual, reasons: why }) => [actual, ...why]),
      [
        [5800, 'total-tokens'],
        [2300, 'total-tokens'],
        [8100, 'total-tokens'],
        [5800, 'total-tokens'],
      ],
    );
  });

  it('are not those of a call without input, whose total is its output', () => {
    const usage = new TotalUsage();
    usage.add(thePhase, 0, 800, 800);
    const samples = samplesOf(sample({ actual: 800 }));
    usage.mark(samples);
    assert.deepEqual(reasons(samples), []);
  });

  it('are those recorded before, but not honest repeats at another time, nor those without a time', () => {
    const samples = samplesOf(
      sample({ timestamp: 1000 }),
      sample({ timestamp: 2000 }),
      sample({ timestamp: 1000 }),
      sample({ timestamp: 1000, actual: 801 }),
      sample({ timestamp: 1000, phaseId: 'other' }),
      sample(),
      sample(),
    );
    markDuplicates(samples);
    assert.deepEqual(
      [...samples.suspicion].map((bits) => bits > 0),
      [false, false, true, false, false, false, false],
    );
    assert.deepEqual(reasons(samples), [['duplicate']]);
  });

  it('find every duplicate among many', () => {
    const many = Array.from({ length: 3000 }, (_, index) => sample({ timestamp: 1000 + (index % 2000) }));
    const samples = samplesOf(...many);
    markDuplicates(samples);
    assert.equal(countSuspicions(samples).duplicate, 1000);
  });

  it('are counted by reason, several of one sample too, and listed up to a limit', () => {
    const samples = samplesOf(
      sample({ hasStopReason: false, actual: 0 }),
      sample({ hasStopReason: false }),
      sample({ hasStopReason: false, success: false }),
      sample(),
    );
    const counts = countSuspicions(samples);
    assert.deepEqual([counts['no-stop-reason'], counts['not-positive'], counts.duplicate], [2, 1, 0]);
    assert.equal(listSuspects(samples, 1).length, 1);
  });
});
