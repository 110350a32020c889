import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findPhaseWorkers } from '../../src/node/identity/phaseWorkers.ts';
import { refuseAtWork } from '../../src/node/maintenance/refuseAtWork.ts';
import { existingFileId } from '../../src/node/writer/placeNewFile.ts';
import { asOrdinaryUser } from '../support/asOrdinaryUser.ts';
import { rejectsWith } from '../support/rejectsWith.ts';
import { skipBecause } from '../support/skipBecause.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

describe('programs at work on other databases', function () {
  this.timeout(20_000);
  const folder = temporaryFolder();
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    await chmod(folder(), 0o755);
    for (const name of ['mine.db', 'other.db', 'two words.db']) await writeFile(join(folder(), name), '');
    await writeFile(
      join(folder(), 'cli.js'),
      `process.stdout.write('up'); setInterval(() => undefined, 1000);`,
    );
  });
  afterEach(async () => {
    for (const child of children.splice(0)) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
  });

  /** A drain by its command line; answers with its id. */
  async function drains(args: readonly string[], databaseUrl = '', urlFile = ''): Promise<number> {
    const child = spawn(process.execPath, [join(folder(), 'cli.js'), 'drain', '--yes', ...args], {
      cwd: folder(),
      env: { ...process.env, DATABASE_URL: databaseUrl, DATABASE_URL_FILE: urlFile },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    await once(child.stdout, 'data');
    return child.pid ?? 0;
  }

  async function mayWorkOn(name: string): Promise<(pid: number) => boolean> {
    const workers = (await findPhaseWorkers(existingFileId(join(folder(), name)))) ?? [];
    return (pid) => workers.some((worker) => worker.pid === pid);
  }

  it('may be at work here where a file that names a URL leads here', async function () {
    if (process.platform !== 'linux') skipBecause(this, 'only Linux tells of environments');
    const mine = `sqlite:///${join(folder(), 'mine.db')}`;
    const other = `sqlite:///${join(folder(), 'other.db')}`;
    await writeFile(join(folder(), 'mine.txt'), `${mine}\n`);
    await writeFile(join(folder(), 'other.txt'), other);
    const here = await Promise.all([drains([], other, 'mine.txt'), drains([], mine, 'none.txt')]);
    const elsewhere = await Promise.all([
      drains([], other, 'other.txt'),
      drains(['--database', 'other.db'], mine, 'mine.txt'),
    ]);
    const isHere = await mayWorkOn('mine.db');
    assert.deepEqual(here.map(isHere), [true, true]);
    assert.deepEqual(elsewhere.map(isHere), [false, false]);
  });

  it('are told by the server and the name of a database, whoever works on it', async function () {
    if (process.platform !== 'linux') skipBecause(this, 'only Linux tells of environments');
    const here = await Promise.all([
      drains([], 'postgresql+psycopg2://other:secret@127.0.0.1/autopack?sslmode=require'),
      drains(['--database', 'postgresql:///autopack?host=localhost']),
    ]);
    const elsewhere = await drains([], 'postgresql://me@localhost/other');
    const workers = (await findPhaseWorkers('postgresql://me@localhost:5432/autopack')) ?? [];
    const isHere = (pid: number): boolean => workers.some((worker) => worker.pid === pid);
    assert.deepEqual(here.map(isHere), [true, true]);
    assert.equal(isHere(elsewhere), false);
  });

  it('are told by an argument, however the path is written, and by the environment', async function () {
    if (process.platform !== 'linux') skipBecause(this, 'only Linux tells of environments');
    const pids = [
      await drains(['--database', 'other.db']),
      await drains([], `sqlite:///${join(folder(), 'other.db')}`),
      await drains([], 'postgresql://localhost/autopack'),
      await drains(['--database', join(folder(), 'gone.db')]),
      await drains(['--database', 'two words.db']),
    ];
    assert.deepEqual(pids.map(await mayWorkOn('mine.db')), [false, false, false, false, false]);
    assert.deepEqual(pids.map(await mayWorkOn('other.db')), [true, true, false, false, false]);
    assert.deepEqual(pids.map(await mayWorkOn('two words.db')), [false, false, false, false, true]);
  });

  it('are told by an absolute argument where nothing else is', async function () {
    if (process.platform !== 'win32' && process.geteuid?.() !== 0) {
      skipBecause(this, 'there is no other user to be');
    }
    const pid = await drains(['--database', join(folder(), 'other.db')]);
    await asOrdinaryUser(async () => {
      assert.equal((await mayWorkOn('mine.db'))(pid), false);
      assert.equal((await mayWorkOn('other.db'))(pid), true);
    });
  });

  it('count where it cannot be told, and that is said', async () => {
    const pid = await drains([]);
    const refused = refuseAtWork(join(folder(), 'mine.db'), (worker) => worker.pid === pid, 'go on');
    const { message } = await rejectsWith('at-work', refused);
    assert.match(
      message,
      new RegExp(`cli\\.js drain --yes \\(process ${pid}\\)\\. Which database it was given cannot`),
    );
  });
});
