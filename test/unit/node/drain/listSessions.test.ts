import assert from 'node:assert/strict';
import { mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drain } from '../../../../src/core/drain/drain.ts';
import { listSessions, newestResumable, SessionFiles } from '../../../../src/node/drain/sessionStore.ts';
import { completes, DrainWorld, phasesNamed } from '../../../support/drainWorld.ts';
import { rejectsWith } from '../../../support/rejectsWith.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

describe('sessions and their databases', () => {
  const folder = temporaryFolder();

  /** Drains one of two phases of a database in memory that is said to lie at `databasePath`, or goes on with that. */
  async function stopAfterOne(databasePath: string, resume?: string): Promise<string | null> {
    const world = new DrainWorld(phasesNamed(2), completes);
    // As the first part left it.
    if (resume !== undefined) world.database = { ...world.database, lastSerial: 2 };
    const ports = { ...world.ports(), sessions: new SessionFiles(folder()) };
    const target = { databasePath, workspaceFolder: folder() };
    const order = { options: { maxTokens: 1 }, ...target, resume };
    const { signal } = new AbortController();
    return (await drain(order, ports, signal, () => undefined)).sessionId;
  }

  it('belong together by whatever link the database is reached', async () => {
    const path = join(folder(), 'data', 'real.db');
    const link = join(folder(), 'link.db');
    await mkdir(join(folder(), 'data'));
    await writeFile(path, '');
    await symlink(path, link);
    const files = new SessionFiles(folder());
    const id = await stopAfterOne(link);
    assert.equal(await newestResumable(files, path, 'the-one'), id);
    assert.equal(await newestResumable(files, link, 'the-one'), id);
    assert.equal((await listSessions(files))[0]?.databasePath, path);
    assert.equal(await stopAfterOne(path, id ?? ''), id);

    const other = join(folder(), 'other.db');
    await writeFile(other, '');
    await rejectsWith('not-found', newestResumable(files, other, 'the-one'));
    await rejectsWith('other-database', stopAfterOne(other, id ?? ''));
  });

  it('belong together by their paths where there is no such file (any more)', async () => {
    const path = join(folder(), 'gone.db');
    await writeFile(path, '');
    const id = await stopAfterOne(path);
    await rename(path, join(folder(), 'moved.db'));
    assert.equal(await newestResumable(new SessionFiles(folder()), path, 'the-one'), id);
  });

  it('do not belong together where another database lies at the path now', async () => {
    const path = join(folder(), 'seed.db');
    await writeFile(path, '');
    const files = new SessionFiles(folder());
    const id = await stopAfterOne(path);
    await assert.rejects(newestResumable(files, path, 'another'), {
      code: 'other-database',
      message: `The session ${id} drained the database with the id the-one; at ${path} there is another now, with the id another.`,
    });
    await assert.rejects(newestResumable(files, path, null), /there is one without an identity\.$/);
    assert.equal((await listSessions(files))[0]?.databaseId, 'the-one');
  });
});
