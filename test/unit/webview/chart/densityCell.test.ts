import assert from 'node:assert/strict';
import { cellAt } from '../../../../src/webview/chart/pointSearch.ts';

describe('cell of a density under the pointer', () => {
  const density = { min: 100, step: 2, columns: [0, 2], rows: [1, 0], counts: [7, 9] };

  it('is the one around the place, told by its middle', () => {
    assert.deepEqual(cellAt(density, 199, 201), { samples: 7, predicted: 141, actual: 283 });
    assert.equal(cellAt(density, 401, 101)?.samples, 9);
  });

  it('is none where no sample lies', () => {
    assert.equal(cellAt(density, 199, 199), null);
    assert.equal(cellAt(density, 50, 300), null);
  });
});
