import assert from 'node:assert/strict';
import { uniqueLogSamples } from '../../../../../src/core/telemetry/logs/uniqueLogSamples.ts';
import { line, log } from './logFixtures.ts';

const hour = 3_600_000;
const at = line().timestamp ?? 0;

describe('unique log samples', () => {
  it('counts a run once that was captured twice, with or without prefix, and in another zone', () => {
    const run = [line(), line({ actual: 900, timestamp: at + 60_000 })];
    const captures = [
      log('a.log', ...run),
      log('b.txt', ...run.map((one) => ({ ...one, timestamp: null }))),
      log('c.log', ...run.map((one) => ({ ...one, timestamp: (one.timestamp ?? 0) - 5 * hour + 800 }))),
    ];
    const { samples, repeated } = uniqueLogSamples(captures);
    assert.deepEqual(
      samples.map(({ log: name, line: number }) => `${name}:${number}`),
      ['a.log:1', 'a.log:2'],
    );
    assert.equal(repeated, 4);
  });

  it('counts equal lines of one log each, and of its second capture none', () => {
    const run = [
      line(),
      line({ timestamp: at + 68_000 }),
      line({ timestamp: null }),
      line({ timestamp: null }),
    ];
    assert.equal(uniqueLogSamples([log('a.log', ...run)]).samples.length, 4);
    assert.equal(uniqueLogSamples([log('a.log', ...run), log('b.log', ...run)]).samples.length, 4);
    const longer = [...run, line({ timestamp: null })];
    assert.equal(uniqueLogSamples([log('a.log', ...run), log('b.log', ...longer)]).samples.length, 5);
  });

  it('takes equal lines at other moments, or with any other content, as other calls', () => {
    const others = [
      line({ timestamp: at + 60_000 }),
      line({ timestamp: at + 48 * hour }),
      line({ actual: 801 }),
      line({ category: 'docs' }),
      line({ stopReason: null }),
      line({ format: 'fallback' }),
    ];
    for (const other of others) {
      assert.equal(uniqueLogSamples([log('a', line()), log('b', other)]).samples.length, 2);
    }
  });
});
