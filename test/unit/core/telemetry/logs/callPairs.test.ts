import assert from 'node:assert/strict';
import fc from 'fast-check';
import { uniqueLogSamples } from '../../../../../src/core/telemetry/logs/uniqueLogSamples.ts';
import { CallPairs } from '../../../../../src/core/telemetry/logs/callPairs.ts';
import { matchCall } from '../../../../../src/core/telemetry/logs/callMatch.ts';
import { line, log } from './logFixtures.ts';
import { sample, samplesOf } from '../sampleFixtures.ts';

const time = line().timestamp ?? 0;
const moment = fc.tuple(
  fc.integer({ min: -110, max: 110 }),
  fc.constantFrom(-5001, -5000, -1, 0, 3, 5000, 5001, 60_000),
);
const timestamp = fc.oneof(
  fc.constant(null),
  moment.map(([zone, rest]) => time + zone * 900_000 + rest),
);
const call = fc.record({
  timestamp,
  predicted: fc.constantFrom(1000, 2000),
  actual: fc.constantFrom(800, 900),
});

describe('pairs of calls', () => {
  it('are those that looking at every sample and line finds, in the same order', () => {
    fc.assert(
      fc.property(fc.array(call, { maxLength: 12 }), fc.array(call, { maxLength: 12 }), (stored, written) => {
        const samples = samplesOf(
          ...stored.map((one) => sample({ ...one, timestamp: one.timestamp ?? NaN })),
        );
        const lines = uniqueLogSamples([log('a', ...written.map((one) => line(one)))]).samples;
        const found: string[] = [];
        new CallPairs(samples, lines).forEach((at, number) => found.push(`${at} ${number}`));
        const all = stored.flatMap((_, at) =>
          lines
            .map((one) => one)
            .flatMap((one, number) => {
              const match = matchCall(samples, at, one);
              return match === null ? [] : [{ match, at, number }];
            }),
        );
        const expected = all.sort(
          (a, b) =>
            a.match.conflicts.length - b.match.conflicts.length ||
            a.match.distance - b.match.distance ||
            a.at - b.at ||
            a.number - b.number,
        );
        assert.deepEqual(
          found,
          expected.map(({ at, number }) => `${at} ${number}`),
        );
      }),
      { numRuns: 300 },
    );
  });
});
