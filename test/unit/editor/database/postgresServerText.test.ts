import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { readOnlyReason } from '../../../../src/core/identity/serverText.ts';
import { connectedDetail } from '../../../../src/editor/database/postgresServerText.ts';
import { examplePostgres } from '../support/examples.ts';

const found = {
  path: 'postgresql://me@10.0.0.3:5432/autopack',
  server: examplePostgres(),
  isAutopack: true,
  role: { id: 'an-id', role: 'seed' },
  runs: 1,
  phases: 10,
} as const;

describe('what connecting to a server found', () => {
  it('is told line by line', () => {
    assert.deepEqual(connectedDetail(found), [
      'Server: PostgreSQL 15.18 at 10.0.0.3:5432',
      'Database: autopack',
      'User: me, may read and write',
      'Encryption: encrypted, server not verified (sslmode prefer)',
      'System: 7300000000000000001, database 16384, timeline 1',
      'Content: telemetry seed, 1 run, 10 phases',
    ]);
  });

  it('names a replica, a pooler, a socket and what may not be written', () => {
    const server = examplePostgres({
      isReplica: true,
      isPooled: true,
      address: null,
      mayWrite: false,
      timeline: null,
    });
    const lines = connectedDetail({ ...found, server }).join('\n');
    assert.match(lines, /Server: PostgreSQL 15\.18 at a Unix socket, port 5432/);
    assert.match(lines, /User: me, reading only, for this is a replica/);
    assert.match(lines, /Replica: yes/);
    assert.match(lines, /Pooler: yes/);
    assert.equal(readOnlyReason(server), 'It is a replica: only the primary server takes writes.');
    assert.equal(readOnlyReason(examplePostgres({ mayWrite: false })), 'The user me may only read.');
    assert.equal(readOnlyReason(examplePostgres()), null);
  });

  it('says where it is no database of Autopack', () => {
    assert.match(connectedDetail({ ...found, isAutopack: false }).join('\n'), /not an Autopack database/);
  });
});
