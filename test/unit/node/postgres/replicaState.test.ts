import assert from 'node:assert/strict';
import { isDistinguishable, writtenSince } from '../../../../src/node/postgres/replicaState.ts';

describe('rows written since a transaction', () => {
  it('are told by 32 bits of its number, and only while those tell', () => {
    assert.equal(writtenSince('4294967301'), "age(xmin) <= age('5'::xid)");
    assert.equal(writtenSince('4294967297'), "age(xmin) <= age('3'::xid)");
    assert.equal(isDistinguishable('700', '1000000000'), true);
    assert.equal(isDistinguishable('700', '2147484400'), false);
  });
});
