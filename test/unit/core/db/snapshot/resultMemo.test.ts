import assert from 'node:assert/strict';
import { ResultMemo } from '../../../../../src/core/db/snapshot/resultMemo.ts';
import type { KeptResult } from '../../../../../src/core/db/snapshot/resultMemo.ts';

describe('Kept results', () => {
  const result = (pages: number, isLarge = false): KeptResult => ({
    value: pages,
    warnings: [],
    pages: new Uint32Array(pages),
    fileState: null,
    epoch: 1,
    isLarge,
    revision: 1,
  });
  const kept = (memo: ResultMemo, ...keys: string[]) => keys.filter((key) => memo.get(key) !== undefined);

  it('are few: the one not asked for in longest goes first', () => {
    const memo = new ResultMemo({ results: 2, pages: 100, largeResults: 2 });
    memo.set('a', result(1));
    memo.set('b', result(1));
    memo.get('a');
    memo.set('c', result(1));
    assert.deepEqual(kept(memo, 'a', 'b', 'c'), ['a', 'c']);
  });

  it('come from a bounded number of pages, but the newest stays', () => {
    const memo = new ResultMemo({ results: 10, pages: 100, largeResults: 10 });
    memo.set('a', result(60));
    memo.set('b', result(30));
    memo.set('b', result(40));
    assert.deepEqual(kept(memo, 'a', 'b'), ['a', 'b']);
    memo.set('c', result(20));
    assert.deepEqual(kept(memo, 'a', 'b', 'c'), ['b', 'c']);
    memo.set('d', result(500));
    assert.deepEqual(kept(memo, 'a', 'b', 'c', 'd'), ['d']);
    memo.delete('d');
    memo.set('e', result(100));
    assert.deepEqual(kept(memo, 'e'), ['e']);
  });

  it('are few where they are large, which costs the small ones nothing', () => {
    const memo = new ResultMemo({ results: 10, pages: 100, largeResults: 2 });
    memo.set('small', result(1));
    for (const key of ['a', 'b', 'c']) memo.set(key, result(1, true));
    assert.deepEqual(kept(memo, 'small', 'a', 'b', 'c'), ['small', 'b', 'c']);
    memo.delete('b');
    memo.set('d', result(1, true));
    assert.deepEqual(kept(memo, 'small', 'c', 'd'), ['small', 'c', 'd']);
    memo.clear();
    for (const key of ['e', 'f']) memo.set(key, result(1, true));
    assert.deepEqual(kept(memo, 'e', 'f'), ['e', 'f']);
  });
});
