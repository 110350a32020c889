import assert from 'node:assert/strict';
import fc from 'fast-check';
import { axisRange, logTicks, placeLabels, tickLabel } from '../../../../src/webview/chart/chartScale.ts';

describe('axes of the scatter plot', () => {
  it('reach a little beyond the samples, both alike', () => {
    const [min, max] = axisRange([100, 10_000]);
    assert.ok(min < 100 && min > 50 && max > 10_000 && max < 20_000);
  });

  it('have room around a single sample, and some range without any', () => {
    const [min, max] = axisRange([500, 500]);
    assert.ok(min < 500 && max > 500 && max / min >= 3.99);
    assert.ok(axisRange([])[0] < axisRange([])[1]);
  });

  it('have round ticks, as many as there is room for', () => {
    assert.deepEqual(logTicks([80, 12_000], 8), [100, 200, 500, 1000, 2000, 5000, 10_000]);
    assert.deepEqual(logTicks([80, 12_000], 3), [100, 1000, 10_000]);
    assert.deepEqual(logTicks([80, 12_000], 2), [100, 10_000]);
    assert.deepEqual(logTicks([400, 1600], 6), [500, 700, 1000, 1500]);
  });

  it('never have more ticks than there is room for, nor any outside', () => {
    const range = fc.tuple(
      fc.double({ min: 0.5, max: 1e6, noNaN: true }),
      fc.double({ min: 4, max: 1e6, noNaN: true }),
    );
    fc.assert(
      fc.property(range, fc.integer({ min: 2, max: 20 }), ([min, factor], most) => {
        const ticks = logTicks([min, min * factor], most);
        assert.ok(ticks.length <= most);
        assert.ok(ticks.every((tick) => tick >= min && tick <= min * factor));
      }),
    );
  });

  it('are labelled in few characters', () => {
    assert.deepEqual([0.5, 7, 500, 1500, 20_000, 3_000_000].map(tickLabel), [
      '0.5',
      '7',
      '500',
      '1.5k',
      '20k',
      '3M',
    ]);
  });
});

describe('labels beside lines', () => {
  const column = { top: 20, bottom: 380, height: 14 };

  it('stand where they want to where they have room', () => {
    assert.deepEqual(placeLabels([300, 100], column), [300, 100]);
  });

  it('never lie on each other, keep the order of what they name, and stay within the column', () => {
    const near = fc.array(fc.double({ min: 0, max: 400, noNaN: true }), { maxLength: 8 });
    fc.assert(
      fc.property(near, (wanted) => {
        const placed = placeLabels(wanted, column);
        const order = placed.map((_, at) => at).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
        for (const [rank, at] of order.entries()) {
          assert.ok((placed[at] ?? 0) >= column.top - 1e-9 && (placed[at] ?? 0) <= column.bottom);
          const above = order[rank - 1];
          if (above !== undefined && wanted[above] !== wanted[at])
            assert.ok((placed[at] ?? 0) - (placed[above] ?? 0) >= column.height - 1e-9);
        }
      }),
    );
    assert.equal(new Set(placeLabels([200, 200, 200], column)).size, 3);
  });
});
