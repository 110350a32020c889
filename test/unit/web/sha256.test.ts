import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { sha256Hex } from '../../../src/web/sha256.ts';

const ofNode = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('SHA-256 in plain script', () => {
  it('gives the digest of the standard', () => {
    assert.equal(sha256Hex('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('is the one of Node at every length around a block', () => {
    for (let length = 0; length <= 130; length += 1)
      assert.equal(sha256Hex('x'.repeat(length)), ofNode('x'.repeat(length)), String(length));
  });

  it('is the one of Node for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        assert.equal(sha256Hex(text), ofNode(text));
      }),
    );
  });
});
