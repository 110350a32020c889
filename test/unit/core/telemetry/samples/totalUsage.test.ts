import assert from 'node:assert/strict';
import { seededRandom } from '../../../../../src/core/telemetry/statistics/clusterBootstrap.ts';
import { TotalUsage } from '../../../../../src/core/telemetry/samples/totalUsage.ts';

describe('usage records', () => {
  it('tell totals, of a call or of the phase, from outputs', () => {
    const usage = new TotalUsage();
    usage.add(0, 900, 100, NaN);
    usage.add(0, 0, 50, 60);
    usage.add(3, NaN, 700, NaN);
    const totals = (phase: number) =>
      [50, 60, 100, 700, 1000, 1060].filter((tokens) => usage.isTotal(phase, tokens));
    assert.deepEqual(totals(0), [60, 1000, 1060]);
    // Without the input there is no total, and other phases have none of these.
    assert.deepEqual([totals(3), totals(1)], [[], []]);
    assert.equal(usage.isTotal(0, NaN), false);
  });

  it('are found among very many', () => {
    const usage = new TotalUsage();
    const random = seededRandom(2);
    const totals = new Set<number>();
    for (let call = 0; call < 50_000; call += 1) {
      const [phase, output] = [Math.floor(random() * 1000), 1 + Math.floor(random() * 60)];
      usage.add(phase, 100, output, NaN);
      totals.add(phase * 1000 + 100 + output);
    }
    for (let phase = 0; phase < 1000; phase += 1)
      for (let tokens = 95; tokens < 165; tokens += 5)
        assert.equal(usage.isTotal(phase, tokens), totals.has(phase * 1000 + tokens));
  });
});
