import assert from 'node:assert/strict';
import type { DatabaseFingerprint } from '../../../../src/core/identity/databaseFingerprint.ts';
import { pinOf, verifyPin } from '../../../../src/core/identity/databasePin.ts';
import { serverDifference, type ServerMark } from '../../../../src/core/identity/serverMark.ts';

const mark: ServerMark = { address: '127.0.0.1', port: 5432, timeline: 1 };

const fingerprint: DatabaseFingerprint = {
  ...{ path: 'postgresql://autopack@localhost:5432/seed', fileId: '7700:16384', server: mark },
  ...{ id: 'an-id', role: 'seed', roleSource: 'identity-table', level: 'ask', isAutopack: true },
  ...{ schemaFingerprint: 'f', migrations: { state: 'older-schema', versions: [] } },
  ...{ foreign: { triggers: [], notTables: [] }, sample: [], known: [] },
  ...{ lastChange: { serial: 0, mark: null }, marks: new Map() },
};

describe('the mark of a server', () => {
  it('tells a copy on another port or machine, and a promoted replica at the same URL', () => {
    assert.deepEqual(serverDifference({ ...mark, port: 5433 }, mark, false), {
      was: '127.0.0.1:5432',
      is: '127.0.0.1:5433',
    });
    assert.notEqual(serverDifference({ ...mark, address: '10.0.0.7' }, mark, false), null);
    assert.deepEqual(serverDifference({ ...mark, timeline: 2 }, mark, true), {
      was: 'timeline 1',
      is: 'timeline 2',
    });
  });

  it('is the same by a socket, and where a container got another address', () => {
    assert.equal(serverDifference({ ...mark, address: null }, mark, false), null);
    assert.equal(serverDifference({ ...mark, address: '::1', timeline: null }, mark, false), null);
    assert.equal(serverDifference({ ...mark, address: '172.18.0.3' }, mark, true), null);
  });

  it('is asked about where another server came to the address, even with a database of the same oid', () => {
    const pin = pinOf(fingerprint, 0);
    assert.equal(verifyPin(fingerprint, pin).kind, 'same');
    const other = verifyPin({ ...fingerprint, fileId: '7800:16384' }, pin);
    assert.equal(other.kind, 'copy-or-restored');
    assert.deepEqual(other.differences, [
      { fact: 'file', was: 'database 16384 of system 7700', is: 'database 16384 of system 7800' },
    ]);
  });
});
