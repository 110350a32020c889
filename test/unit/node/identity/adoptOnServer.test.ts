import assert from 'node:assert/strict';
import type { DatabaseFingerprint } from '../../../../src/core/identity/databaseFingerprint.ts';
import { DatabaseGuard } from '../../../../src/node/identity/databaseGuard.ts';
import { planAdoption } from '../../../../src/node/maintenance/adopt.ts';
import { systemClock } from '../../../../src/node/system/systemPorts.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const fingerprint: DatabaseFingerprint = {
  ...{ path: 'postgresql://me@db:5432/seed', fileId: '7700:16384' },
  ...{ id: null, role: 'seed', roleSource: 'content', level: null, isAutopack: true },
  ...{ schemaFingerprint: 'f', migrations: { state: 'older-schema', versions: [] } },
  ...{ foreign: { triggers: [], notTables: [] }, sample: [], known: [] },
  ...{ lastChange: { serial: 0, mark: null }, marks: new Map() },
};

describe('adopting a database on a server', () => {
  const folder = temporaryFolder();

  it('writes over a connection as the URL asks for it', async () => {
    const guard = new DatabaseGuard({
      workspaceFolder: folder(),
      clock: systemClock,
      reader: {
        request: () =>
          // Only a fingerprint is asked for.
          Promise.resolve({ value: fingerprint, version: { token: '', fileId: '' }, warnings: [] } as never),
        dispose: () => Promise.resolve(),
      },
    });
    const path = 'postgresql://me@db:5432/seed?sslmode=verify-full';
    assert.equal((await planAdoption(guard, path, { role: 'seed' })).path, path);
  });
});
