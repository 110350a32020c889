import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { isSameValue } from '../../../../src/core/model/sameValue.ts';

const plain = fc.jsonValue({ maxDepth: 3 });

describe('plain data', () => {
  it('is the same as a copy of itself', () => {
    fc.assert(fc.property(plain, (value) => assert.ok(isSameValue(value, structuredClone(value)))));
  });

  it('is the same as other data exactly where Node finds so', () => {
    fc.assert(fc.property(plain, plain, (a, b) => assert.equal(isSameValue(a, b), isDeepStrictEqual(a, b))));
  });

  it('differs by a field that is not there, by order of an array, and from an array', () => {
    assert.equal(isSameValue({ a: undefined }, {}), false);
    assert.equal(isSameValue({ a: undefined }, { b: undefined }), false);
    assert.equal(isSameValue([1, 2], [2, 1]), false);
    assert.equal(isSameValue([], {}), false);
    assert.equal(isSameValue(null, {}), false);
    assert.equal(isSameValue({ a: 1, b: 2 }, { b: 2, a: 1 }), true);
  });
});
