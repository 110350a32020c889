import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  findDatabases,
  type FoundDatabase,
  type SearchOptions,
} from '../../../../src/node/watch/findDatabases.ts';
import { asOrdinaryUser } from '../../../support/asOrdinaryUser.ts';
import { rejectsWith } from '../../../support/rejectsWith.ts';
import { skipBecause } from '../../../support/skipBecause.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

describe('findDatabases', () => {
  const folder = temporaryFolder();

  async function makeDatabase(path: string): Promise<string> {
    const absolute = join(folder(), path);
    await mkdir(dirname(absolute), { recursive: true });
    const database = new DatabaseSync(absolute);
    database.exec('CREATE TABLE t (a)');
    database.close();
    return absolute;
  }

  async function makeFile(path: string, content: string): Promise<void> {
    await mkdir(dirname(join(folder(), path)), { recursive: true });
    await writeFile(join(folder(), path), content);
  }

  async function find(options: Partial<SearchOptions> = {}): Promise<FoundDatabase[]> {
    const found: FoundDatabase[] = [];
    for await (const database of findDatabases({ folders: [folder()], ...options })) found.push(database);
    return found;
  }

  async function names(options: Partial<SearchOptions> = {}): Promise<string[]> {
    return (await find(options)).map(({ path }) => relative(folder(), path)).sort();
  }

  it('finds databases by their header, whatever their name', async () => {
    await makeDatabase('seed.db');
    await makeDatabase('deep/er/backlog.data');
    await makeDatabase('.hidden/no-extension');
    await makeFile('fake.db', 'not a database at all');
    await makeFile('short.db', 'SQLite format 3');
    await makeFile('empty.db', '');
    assert.deepEqual(await names(), ['.hidden/no-extension', 'deep/er/backlog.data', 'seed.db']);
  });

  it('follows links out of the folder only where it may', async () => {
    await makeDatabase('inside/seed.db');
    await makeDatabase('outside/other.db');
    await symlink(join(folder(), 'outside'), join(folder(), 'inside', 'link'));
    await symlink(join(folder(), 'outside', 'other.db'), join(folder(), 'inside', 'linked.db'));
    const folders = [join(folder(), 'inside')];
    assert.deepEqual(await names({ folders }), [
      'inside/link/other.db',
      'inside/linked.db',
      'inside/seed.db',
    ]);
    assert.deepEqual(await names({ folders, followLinks: false }), ['inside/seed.db']);
  });

  it('finds a database that was cut off, so that it can be said', async () => {
    await truncate(await makeDatabase('cut.db'), 777);
    assert.deepEqual(await names(), ['cut.db']);
  });

  it('says how large each is and when it was changed, those at the top first', async () => {
    await makeDatabase('a/b/c/deep.db');
    const path = await makeDatabase('z.db');
    const [first, second] = await find();
    const { size, mtimeMs } = await stat(path);
    assert.deepEqual(first, { path, sizeBytes: size, modifiedAt: mtimeMs });
    assert.equal(second?.path, join(folder(), 'a/b/c/deep.db'));
  });

  it('leaves out the logs of databases and the folders of tools', async () => {
    await makeDatabase('seed.db');
    await makeDatabase('seed.db-wal');
    await makeDatabase('seed.db-journal');
    for (const tool of ['node_modules/x', '.git', '.venv/lib', '__pycache__'])
      await makeDatabase(`${tool}/a.db`);
    assert.deepEqual(await names(), ['seed.db']);
  });

  it('leaves out what it is told to, without looking inside', async () => {
    await makeDatabase('keep/a.db');
    await makeDatabase('skip/b.db');
    await makeDatabase('keep/c.db');
    const asked: string[] = [];
    const isExcluded = (path: string, base: string): boolean => {
      assert.equal(base, folder());
      asked.push(path);
      return path === 'skip' || path.endsWith('c.db');
    };
    assert.deepEqual(await names({ isExcluded }), ['keep/a.db']);
    assert.ok(!asked.includes('skip/b.db'));
  });

  it('searches several folders, each once', async () => {
    await makeDatabase('one/a.db');
    await makeDatabase('two/b.db');
    const folders = ['one', 'two', 'one'].map((name) => join(folder(), name));
    assert.deepEqual(await names({ folders }), ['one/a.db', 'two/b.db']);
  });

  it('follows links, but not in circles', async () => {
    const outside = await makeDatabase('elsewhere/a.db');
    await mkdir(join(folder(), 'workspace'));
    await symlink(outside, join(folder(), 'workspace/current.db'));
    await symlink(folder(), join(folder(), 'workspace/up'));
    await symlink(join(folder(), 'nowhere'), join(folder(), 'workspace/broken'));
    const found = await names({ folders: [join(folder(), 'workspace')] });
    assert.deepEqual(found, ['workspace/current.db', 'workspace/up/elsewhere/a.db']);
  });

  it('does not wait for a pipe', async function () {
    if (process.platform === 'win32') skipBecause(this, 'there are no such pipes on Windows');
    await makeDatabase('seed.db');
    execFileSync('mkfifo', [join(folder(), 'pipe.db')]);
    await symlink(join(folder(), 'pipe.db'), join(folder(), 'link.db'));
    assert.deepEqual(await names(), ['seed.db']);
  });

  it('passes over what it may not read, and folders that are gone', async function () {
    if (process.platform === 'win32') skipBecause(this, 'Windows keeps permissions otherwise');
    await chmod(folder(), 0o755);
    await makeDatabase('open.db');
    await chmod(await makeDatabase('secret.db'), 0o000);
    await makeDatabase('closed/a.db');
    await chmod(join(folder(), 'closed'), 0o000);
    const found = await asOrdinaryUser(() => names({ folders: [folder(), join(folder(), 'gone')] }));
    await chmod(join(folder(), 'closed'), 0o755);
    assert.deepEqual(found, ['open.db']);
  });

  it('stops when cancelled', async () => {
    await makeDatabase('a.db');
    await rejectsWith('cancelled', find({ signal: AbortSignal.abort() }));
  });
});
