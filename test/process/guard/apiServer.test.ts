import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, symlink } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { formatDatabaseUrl } from '../../../src/core/db/databaseUrl.ts';
import type { ApiVerdict } from '../../../src/core/identity/apiVerdict.ts';
import { deleteCanariesOperation, insertCanaryOperation } from '../../../src/core/maintenance/canaryRun.ts';
import { canaryPrefix } from '../../../src/core/identity/databaseFingerprint.ts';
import type { SourceDrift } from '../../../src/core/identity/drift.ts';
import { guardedWrite } from '../../../src/core/identity/guardedWrite.ts';
import { askApiServer, askWithCanary } from '../../../src/node/identity/askApiServer.ts';
import { diagnose } from '../../../src/node/maintenance/diagnose.ts';
import { systemClock } from '../../../src/node/system/systemPorts.ts';
import { type ApiServer, type ApiServerOptions, suiteApiServers } from '../../support/apiServer.ts';
import { GuardWorld, meddle, suiteReader } from '../../support/guard/guardWorld.ts';
import { rejectsWith } from '../../support/rejectsWith.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

/** A server, what asking it tells, and what the canary run then tells for certain. */
interface ServerCase {
  readonly name: string;
  readonly options: (world: GuardWorld, selected: string) => ApiServerOptions | Promise<ApiServerOptions>;
  readonly asked: ApiVerdict['verdict'];
  readonly evidence: RegExp;
  readonly certain: ApiVerdict['verdict'];
}

const cases: readonly ServerCase[] = [
  {
    name: 'has the selected file under its absolute URL',
    options: (_, selected) => ({ databasePath: selected, databaseUrl: formatDatabaseUrl(selected) }),
    asked: 'same',
    evidence: /absolute one of the selected file\. Its runs are the same \(1\)/,
    certain: 'same',
  },
  {
    name: 'names the driver too',
    options: (_, selected) => ({
      databasePath: selected,
      databaseUrl: formatDatabaseUrl(selected).replace('sqlite:', 'sqlite+pysqlite:'),
    }),
    asked: 'same',
    evidence: /absolute one/,
    certain: 'same',
  },
  {
    name: 'has another file',
    options: async (world) => {
      const databasePath = await world.make('other.db', 'legacy');
      return { databasePath, databaseUrl: formatDatabaseUrl(databasePath) };
    },
    asked: 'different',
    evidence: /It lacks the run telemetry-collection-v4/,
    certain: 'different',
  },
  {
    name: 'has a run that is not here',
    options: async (world, selected) => {
      await copyFile(selected, world.path('more.db'));
      meddle(world.path('more.db'), 'PRAGMA foreign_keys = OFF', `UPDATE runs SET id = 'another-run'`);
      return { databasePath: world.path('more.db'), databaseUrl: 'sqlite:////data/more.db' };
    },
    asked: 'different',
    evidence:
      /It has the run another-run, which the selected database has not\. Its DATABASE_URL matches no known URL/,
    certain: 'different',
  },
  {
    name: 'has a run of the same name that was made at another time',
    options: async (world) => {
      const databasePath = await world.make('other.db');
      meddle(databasePath, `UPDATE runs SET created_at = '2020-01-01 00:00:00'`);
      return { databasePath, databaseUrl: 'sqlite:///seed.db' };
    },
    asked: 'different',
    evidence: /was created at another time/,
    certain: 'different',
  },
  {
    name: 'has a copy',
    options: async (world, selected) => {
      await copyFile(selected, world.path('copy.db'));
      return { databasePath: world.path('copy.db'), databaseUrl: formatDatabaseUrl(world.path('copy.db')) };
    },
    asked: 'unknown',
    evidence: /matches no known URL.*the same \(1\), as those of a copy would be/,
    certain: 'different',
  },
  {
    name: 'was given the same relative URL in another folder',
    options: async (world, selected) => {
      await mkdir(world.path('elsewhere'));
      await copyFile(selected, world.path('elsewhere/seed.db'));
      return { databasePath: world.path('elsewhere/seed.db'), databaseUrl: 'sqlite:///seed.db' };
    },
    asked: 'unknown',
    evidence: /is relative, and means another file in another folder/,
    certain: 'different',
  },
  {
    name: 'was given that relative URL in this folder',
    options: (_, selected) => ({ databasePath: selected, databaseUrl: 'sqlite:///./seed.db' }),
    asked: 'unknown',
    evidence: /is relative/,
    certain: 'same',
  },
  {
    name: 'does not tell its identity',
    options: (_, selected) => ({ databasePath: selected }),
    asked: 'unknown',
    evidence: /does not report its database_identity/,
    certain: 'same',
  },
  {
    name: 'says which file it has, as some versions do where they are asked to',
    options: (_, selected) => ({
      databasePath: selected,
      health: { db_identity_detail: { database_url: 'sqlite:///seed.db', sqlite_file: selected } },
    }),
    asked: 'same',
    evidence: /says that it has .*seed\.db, which is the selected file\. Its runs are the same/,
    certain: 'same',
  },
  {
    name: 'says it by a link, in the words of an older version',
    options: async (world, selected) => {
      await symlink(selected, world.path('link.db'));
      return { databasePath: selected, health: { db_identity: { sqlite_file: world.path('link.db') } } };
    },
    asked: 'same',
    evidence: /link\.db, which is the selected file/,
    certain: 'same',
  },
  {
    name: 'says that it has a copy, by its path alone',
    options: async (world, selected) => {
      await copyFile(selected, world.path('copy.db'));
      return { databasePath: world.path('copy.db'), health: { db_identity: world.path('copy.db') } };
    },
    asked: 'different',
    evidence: /says that it has .*copy\.db, which is another file/,
    certain: 'different',
  },
  {
    name: 'says the path of the selected file by a URL, but has other runs',
    options: async (world, selected) => {
      const databasePath = await world.make('other.db', 'legacy');
      return { databasePath, health: { db_identity: `sqlite:///${selected}` } };
    },
    asked: 'different',
    evidence: /It lacks the run/,
    certain: 'different',
  },
  {
    name: 'says a path that is not on this machine',
    options: (_, selected) => ({ databasePath: selected, health: { db_identity: '/app/data/seed.db' } }),
    asked: 'unknown',
    evidence: /says that it has \/app\/data\/seed\.db, which is not on this machine/,
    certain: 'same',
  },
  {
    name: 'says a relative path, which means nothing',
    options: (_, selected) => ({ databasePath: selected, health: { db_identity: 'sqlite:///seed.db' } }),
    asked: 'unknown',
    evidence: /^It does not report its database_identity/,
    certain: 'same',
  },
  {
    name: 'answers nothing but errors',
    options: (_, selected) => ({ databasePath: selected, failsWith: 503 }),
    asked: 'unknown',
    evidence: /does not report its runs/,
    certain: 'unknown',
  },
];

describe('an API server', function () {
  this.timeout(20_000);
  const folder = temporaryFolder();
  const reader = suiteReader();
  const startServer = suiteApiServers();
  let server: ApiServer | undefined;

  async function start(options: ApiServerOptions): Promise<string> {
    server = await startServer(options);
    return server.url;
  }

  for (const { name, options, asked, evidence, certain } of cases) {
    it(`that ${name}: "${asked}" when asked, "${certain}" for certain`, async () => {
      const world = new GuardWorld(folder(), reader());
      const databasePath = await world.make('seed.db');
      const url = await start(await options(world, databasePath));
      const question = { url, databasePath, folders: [folder()], reader: reader() };
      const verdict = await askApiServer(question);
      assert.equal(verdict.verdict, asked, verdict.evidence);
      assert.match(verdict.evidence, evidence);

      const expected = await world.guardIn(folder()).authorise(databasePath, 'canary');
      const place = { expected, writer: world.writer, clock: systemClock, workspaceFolder: folder() };
      assert.equal((await askWithCanary(question, place)).verdict, certain);
      assert.deepEqual(runIds(databasePath), ['telemetry-collection-v4'], 'the canary run is gone');
    });
  }

  it('that is not there leaves it unknown, and says why', async () => {
    const databasePath = await new GuardWorld(folder(), reader()).make('seed.db');
    const url = await start({ databasePath });
    await server?.close();
    const verdict = await askApiServer({ url, databasePath, folders: [], reader: reader() });
    assert.equal(verdict.verdict, 'unknown');
    assert.equal(verdict.isReachable, false);
    assert.match(verdict.evidence, /could not be asked: .*ECONNREFUSED/);
  });

  it('is asked for the canary while that is there, and the canary goes even when the question is cancelled', async () => {
    const world = new GuardWorld(folder(), reader());
    const databasePath = await world.make('seed.db');
    const cancel = new AbortController();
    const during: string[][] = [];
    const url = await start({
      databasePath,
      onRequest: () => {
        during.push(runIds(databasePath));
        cancel.abort();
      },
    });
    const expected = await world.authorise(databasePath, 'canary');
    const place = { expected, writer: world.writer, clock: systemClock, workspaceFolder: folder() };
    await rejectsWith('cancelled', askWithCanary({ url, databasePath }, place, cancel.signal));
    assert.match(during[0]?.join() ?? '', new RegExp(canaryPrefix));
    assert.deepEqual(runIds(databasePath), ['telemetry-collection-v4']);
  });

  it('keeps what the canary told until the database, or what the server says of its own, is another', async () => {
    const world = new GuardWorld(folder(), reader());
    const path = await world.make('seed.db');
    const look = async (url: string, at: string): Promise<SourceDrift | undefined> => {
      const subject = { path: at, folders: [folder()], environment: {}, apiUrls: [url], staleBefore: 0 };
      const { drift } = await diagnose(subject, world.diagnosing);
      return drift.find(({ source }) => source.origin.kind === 'api-server');
    };
    const relative = { databasePath: path, databaseUrl: 'sqlite:///./seed.db' };
    const url = await start(relative);
    assert.equal((await look(url, path))?.state, 'unknown');
    const expected = await world.authorise(path, 'canary');
    const place = { expected, writer: world.writer, clock: systemClock, workspaceFolder: folder() };
    await askWithCanary({ url, databasePath: path }, place);
    const told = await look(url, path);
    assert.equal(told?.state, 'same');
    assert.match(told.message, /It found a canary run just now/);
    assert.equal((await look(url, await world.make('other.db', 'legacy')))?.state, 'differs');

    await server?.close();
    const { port } = new URL(url);
    await start({ databasePath: path, databaseUrl: 'sqlite:///seed.db', port: Number(port) });
    assert.equal((await look(url, path))?.state, 'unknown', 'it was started with another URL');
    await server?.close();
    await start({ ...relative, port: Number(port) });
    assert.equal((await look(url, path))?.state, 'same');
    meddle(path, `UPDATE autopack_hygiene_identity SET id = '${randomUUID()}'`);
    assert.equal((await look(url, path))?.state, 'unknown', 'it is another database');
  });

  it('may have left canary runs behind, which are found, and deleted without touching other runs', async () => {
    const world = new GuardWorld(folder(), reader());
    const path = await world.make('seed.db');
    const expected = await world.authorise(path, 'canary');
    const left = `${canaryPrefix}left-by-a-crash`;
    await guardedWrite(world.writer, { path, expected }, insertCanaryOperation, {
      runId: left,
      now: Date.now(),
    });
    assert.deepEqual((await reader().request(path, 'leftCanaries', null)).value, [left]);
    // Whatever is pinned meanwhile does not rest on it.
    await world.authorise(path, 'seed');
    const deleted = await guardedWrite(world.writer, { path, expected }, deleteCanariesOperation, {});
    assert.equal(deleted, 1);
    assert.deepEqual(runIds(path), ['telemetry-collection-v4']);
    assert.equal((await world.guard.inspect(path)).verdict.kind, 'same');
  });
});

function runIds(path: string): string[] {
  const database = new DatabaseSync(path, { readOnly: true });
  const rows = database.prepare('SELECT id FROM runs ORDER BY id').all();
  database.close();
  return rows.map(({ id }) => String(id));
}
