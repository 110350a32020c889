import assert from 'node:assert/strict';
import fc from 'fast-check';
import { markDuplicates } from '../../../../../src/core/telemetry/samples/markDuplicates.ts';
import { countSuspicions, listSuspects } from '../../../../../src/core/telemetry/samples/suspects.ts';
import { TotalUsage } from '../../../../../src/core/telemetry/samples/totalUsage.ts';
import { suspicionBit } from '../../../../../src/core/telemetry/samples/sampleQuality.ts';
import type {
  TelemetrySample,
  TelemetrySamples,
} from '../../../../../src/core/telemetry/samples/telemetrySamples.ts';
import { sample, samplesOf } from '../sampleFixtures.ts';

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
      sample({ timestamp: 2001 }),
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
    const many = Array.from({ length: 3000 }, (_, index) => sample({ timestamp: 1001 * (index % 2000) }));
    const samples = samplesOf(...many);
    markDuplicates(samples);
    assert.equal(countSuspicions(samples).duplicate, 1000);
  });

  it('are those written down again within a second, if all that is recorded agrees', () => {
    const marked = (distance: number, but: Partial<TelemetrySample> = {}): boolean => {
      const samples = samplesOf(sample({ timestamp: 5000 }), sample({ timestamp: 5000 + distance, ...but }));
      markDuplicates(samples);
      return countSuspicions(samples).duplicate === 1;
    };
    assert.deepEqual(
      [1, 999, 1000, 1001, -999, -1000, -1001].map((distance) => marked(distance)),
      [...[true, true, true, false], ...[true, true, false]],
    );
    const others: readonly Partial<TelemetrySample>[] = [
      ...[{ model: 'other' }, { category: 'tests' }, { complexity: 'high' }, { deliverableCount: 2 }],
      ...[{ truncated: true }, { limit: 9000 }, { deliverables: '["a.py"]' }],
    ];
    for (const but of others) {
      assert.equal(marked(500, but), false, JSON.stringify(but));
      assert.equal(marked(0, but), true, JSON.stringify(but));
    }
  });

  it('find the duplicates that looking at every pair finds, in any order and in crowds', () => {
    const one = fc.record({
      timestamp: fc.oneof(fc.nat(4000), fc.constant(NaN)),
      actual: fc.constantFrom(1, 2, 3, NaN),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 200 }), fc.boolean(), (list, isSorted) => {
        if (isSorted) list.sort((a, b) => (a.timestamp || 0) - (b.timestamp || 0));
        const samples = samplesOf(...list.map((but) => sample(but)));
        markDuplicates(samples);
        const isMarked = (at: number): boolean =>
          ((samples.suspicion[at] ?? 0) & suspicionBit('duplicate')) !== 0;
        // The later one of two is the repeat, or of one moment the one that stands behind.
        const isRepeat = (at: number): boolean =>
          list.some((other, before) => {
            const distance = (list[at]?.timestamp ?? NaN) - other.timestamp;
            const isEarlier = distance > 0 || (distance === 0 && before < at);
            return isEarlier && distance <= 1000 && other.actual === list[at]?.actual;
          });
        assert.deepEqual(
          list.map((_, at) => isMarked(at)),
          list.map((_, at) => isRepeat(at)),
        );
      }),
    );
  });

  it('take no more time where many samples are alike', () => {
    const count = 100_000;
    const samples = samplesOf(...Array.from({ length: count }, () => sample({ timestamp: 1 })));
    const start = performance.now();
    markDuplicates(samples);
    assert.equal(countSuspicions(samples).duplicate, count - 1);
    assert.ok(performance.now() - start < 5000);
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
