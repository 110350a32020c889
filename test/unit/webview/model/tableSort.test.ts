import assert from 'node:assert/strict';
import { nextSort, sortRows } from '../../../../src/webview/model/tableSort.ts';

describe('table sort', () => {
  const rows = [
    { name: 'b', value: 2 },
    { name: 'none', value: null },
    { name: 'a', value: 10 },
    { name: 'c', value: 2 },
  ];
  const names = (descending: boolean): string[] =>
    sortRows(rows, ({ value }) => value, descending).map(({ name }) => name);

  it('puts rows without a figure last either way, and keeps the order of equal ones', () => {
    assert.deepEqual(names(false), ['b', 'c', 'a', 'none']);
    assert.deepEqual(names(true), ['a', 'b', 'c', 'none']);
  });

  it('starts with the largest number or the first word, and turns round when pressed again', () => {
    const first = nextSort(null, 'samples', true);
    assert.deepEqual(first, { column: 'samples', descending: true });
    assert.deepEqual(nextSort(first, 'samples', true), { column: 'samples', descending: false });
    assert.deepEqual(nextSort(first, 'category', false), { column: 'category', descending: false });
  });
});
