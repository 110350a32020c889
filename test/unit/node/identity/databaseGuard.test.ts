import assert from 'node:assert/strict';
import type { DatabaseFingerprint } from '../../../../src/core/identity/databaseFingerprint.ts';
import { pinOf, verifyPin } from '../../../../src/core/identity/databasePin.ts';
import { DatabaseGuard } from '../../../../src/node/identity/databaseGuard.ts';
import { systemClock } from '../../../../src/node/system/systemPorts.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const fingerprint: DatabaseFingerprint = {
  ...{ path: '/repo/seed.db', fileId: '1:2' },
  ...{ id: 'an-id', role: 'seed', roleSource: 'identity-table', level: 'ask', isAutopack: true },
  ...{ schemaFingerprint: 'f', migrations: { state: 'older-schema', versions: [] } },
  ...{ foreign: { triggers: [], notTables: [] }, sample: [], known: [] },
  ...{ lastChange: { serial: 0, mark: null }, marks: new Map() },
};

describe('the original of a copy', () => {
  const folder = temporaryFolder();

  async function asked(path: string, pinnedPath: string): Promise<readonly string[]> {
    const paths: string[] = [];
    const guard = new DatabaseGuard({
      workspaceFolder: folder(),
      clock: systemClock,
      reader: {
        request: (each) => {
          paths.push(each);
          return Promise.reject(new Error('is not read here'));
        },
        dispose: () => Promise.resolve(),
      },
    });
    const copy = { ...fingerprint, path };
    const pin = pinOf({ ...fingerprint, path: pinnedPath, fileId: '3:4' }, 0);
    const verdict = { ...verifyPin(copy, pin), kind: 'copy-or-restored' } as const;
    assert.equal(await guard.originalOf({ fingerprint: copy, pin, verdict }), null);
    return paths;
  }

  it('is looked at where it is a file, or on the server that is asked anyway', async () => {
    assert.deepEqual(await asked('/repo/copy.db', '/repo/seed.db'), ['/repo/seed.db']);
    const seed = 'postgresql://me@db:5432/seed';
    assert.deepEqual(await asked('postgresql://me@db:5432/copy', seed), [seed]);
  });

  it('makes nobody call a server that only the pins of a clone name', async () => {
    const other = 'postgresql://me@evil.example:5432/seed';
    assert.deepEqual(await asked('/repo/copy.db', other), []);
    assert.deepEqual(await asked('postgresql://me@db:5432/copy', other), []);
  });
});
