import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import type { LiveDrain } from '../../../../src/core/drain/drainProgress.ts';
import { initDatabase, seedDatabase } from '../../../../src/core/seed/seedDatabase.ts';
import { runningDrain } from '../../../../src/node/identity/drainLock.ts';
import { DrainClient } from '../../../../src/node/drain/drainClient.ts';
import { findDrainEndpoint } from '../../../../src/node/drain/drainEndpoint.ts';
import { builderDefaults } from '../../../../src/node/builders/builderOptions.ts';
import { startDrainHost } from '../../../../src/node/drain/startDrainHost.ts';
import { fileIdOf } from '../../../../src/node/system/realPath.ts';
import { DatabaseWriter } from '../../../../src/node/writer/databaseWriter.ts';
import { workerUrl, writerUrl } from '../../../support/databaseReader.ts';
import { builtAnswer } from '../../../support/models/builtAnswer.ts';
import { startModelServer } from '../../../support/models/modelServer.ts';
import { phaseScript } from '../../../support/phaseScript.ts';
import { skipBecause } from '../../../support/skipBecause.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const hostPath = fileURLToPath(new URL('../../../../src/node/drain/drainHost.ts', import.meta.url));

/** Phases that end when there is a file `go`. */
const waiting = `
import { existsSync } from 'node:fs';
setState('EXECUTING');
while (!existsSync('go')) await new Promise((resolve) => setTimeout(resolve, 20));
addEvent();
setState('COMPLETE');
`;

describe('a drain in a process of its own', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  let databasePath: string;
  let id: string;
  const started: DrainClient[] = [];
  let hears: (live: LiveDrain) => void;

  beforeEach(async () => {
    databasePath = join(folder(), 'seed.db');
    id = randomUUID();
    const writer = new DatabaseWriter();
    await initDatabase(writer, databasePath, { id, role: 'seed', createdAt: Date.now() });
    await seedDatabase(writer, databasePath, { now: Date.now() });
    hears = () => undefined;
  });

  /** Ends what a failed test left running. */
  afterEach(async () => {
    for (const follower of started.splice(0)) {
      follower.send({ kind: 'cancel' });
      await follower.ended;
    }
  });

  type Job = Parameters<typeof startDrainHost>[0];

  async function jobFor(options: object, executor: Job['executor']): Promise<Job> {
    return {
      workerUrl: workerUrl.href,
      writerUrl: writerUrl.href,
      databasePath,
      workspaceFolder: folder(),
      executor,
      options,
      resume: null,
      approval: 'ask',
      expected: {
        id,
        role: 'seed',
        level: 'ask',
        fileId: fileIdOf(await stat(databasePath, { bigint: true })),
      },
    };
  }

  async function start(options: object = {}, body = waiting, apiKey?: string): Promise<DrainClient> {
    const job = await jobFor(options, {
      name: 'example',
      script: await phaseScript(folder(), body),
    } as const);
    const place = { hostPath, logPath: join(folder(), 'logs', 'host.log'), apiKey };
    const follower = await startDrainHost(job, place, (live) => hears(live));
    started.push(follower);
    return follower;
  }

  /** Resolves when a followed drain stands like this. */
  function until(follower: DrainClient, holds: (live: LiveDrain) => boolean): Promise<void> {
    if (holds(follower.live)) return Promise.resolve();
    return new Promise((resolve) => {
      hears = (live) => {
        if (holds(live)) resolve();
      };
    });
  }

  function states(): string {
    // Not read-only: an executor that was ended may have left a journal, which whoever opens the file plays back.
    const database = new DatabaseSync(databasePath, { timeout: 5000 });
    try {
      return database
        .prepare('SELECT state, count(*) AS n FROM phases GROUP BY state ORDER BY state')
        .all()
        .map((row) => `${String(row.n)} ${String(row.state)}`)
        .join();
    } finally {
      database.close();
    }
  }

  const go = (): Promise<void> => writeFile(join(folder(), 'go'), '');

  it('goes on when its follower is gone, is found by its database, and tells its end', async () => {
    const first = await start({ batchSize: 2 });
    await until(first, ({ inFlight }) => inFlight !== null);
    first.close();
    const endpoint = await findDrainEndpoint(databasePath);
    assert.ok(endpoint);
    const heard: string[] = [];
    const second = await DrainClient.connect(endpoint, (_, told) => heard.push(told?.kind ?? ''));
    assert.equal(second.live.inFlight?.key.phaseId, 'telemetry-p1-string-util');
    assert.equal(second.live.expected, 2);
    await go();
    const end = await second.ended;
    assert.ok(end.kind === 'stopped');
    assert.equal(end.summary.succeeded, 2);
    assert.equal(end.summary.events, 2);
    assert.equal(heard.at(-1), 'stopped');
    assert.equal(states(), '2 COMPLETE,8 QUEUED');
  });

  it('gets the key of its API server by its environment alone, before that of the window, and passes it on', async () => {
    const body = `
      import { writeFileSync } from 'node:fs';
      const { AUTOPACK_API_KEY, AUTOPACK_API_KEY_FILE } = process.env;
      writeFileSync('passed.txt', JSON.stringify([AUTOPACK_API_KEY, AUTOPACK_API_KEY_FILE]));
      setState('COMPLETE');`;
    Object.assign(process.env, { AUTOPACK_API_KEY: 'other', AUTOPACK_API_KEY_FILE: 'other.txt' });
    try {
      const passed: unknown[] = [];
      for (const apiKey of ['hunter2', undefined]) {
        await (
          await start({ batchSize: 1 }, body, apiKey)
        ).ended;
        passed.push(JSON.parse(await readFile(join(folder(), 'passed.txt'), 'utf8')));
        await rm(join(folder(), 'passed.txt'));
      }
      assert.deepEqual(passed, [
        ['hunter2', ''],
        ['other', 'other.txt'],
      ]);
    } finally {
      delete process.env.AUTOPACK_API_KEY;
      delete process.env.AUTOPACK_API_KEY_FILE;
    }
    for (const entry of await readdir(folder(), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const text = await readFile(join(entry.parentPath, entry.name), 'latin1');
      assert.ok(!text.includes('hunter2'), entry.name);
    }
  });

  it('gets the key of its model endpoint by its input alone', async () => {
    const key = 'sk-input-0123456789abcdef';
    let seen = '';
    const server = await startModelServer(async (asked) => {
      const lock = await runningDrain(databasePath);
      // Where there is such a file system, it tells all that a program was started with.
      for (const what of ['environ', 'cmdline']) {
        seen += await readFile(`/proc/${lock?.pid ?? 0}/${what}`, 'latin1').catch(() => '');
      }
      return builtAnswer(asked);
    });
    try {
      const description = {
        name: 'endpoint',
        provider: 'openai',
        baseUrl: server.baseUrl,
        model: 'builder',
        builder: builderDefaults,
      } as const;
      const job = { ...(await jobFor({ batchSize: 1 }, description)), approval: 'hands-off' } as const;
      const place = { hostPath, logPath: join(folder(), 'logs', 'host.log'), modelKey: key };
      const follower = await startDrainHost(job, place, (live) => hears(live));
      started.push(follower);
      assert.equal((await follower.ended).kind, 'stopped');
    } finally {
      await server.close();
    }
    assert.equal(server.asked[0]?.headers.authorization, `Bearer ${key}`);
    assert.ok(!seen.includes(key));
    assert.equal(states(), '1 COMPLETE,9 QUEUED');
    for (const entry of await readdir(folder(), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const text = await readFile(join(entry.parentPath, entry.name), 'latin1');
      assert.ok(!text.includes(key), entry.name);
    }
  });

  it('pauses after the phase under way, goes on, and leaves nothing executing when it is cancelled', async () => {
    const follower = await start();
    await until(follower, ({ inFlight }) => inFlight !== null);
    follower.send({ kind: 'pause' });
    await until(follower, ({ pause }) => pause === 'pausing');
    await go();
    await until(follower, ({ pause }) => pause === 'paused');
    assert.equal(follower.live.ended, 1);
    assert.equal(follower.live.inFlight, null);
    assert.equal(states(), '1 COMPLETE,9 QUEUED');
    follower.send({ kind: 'continue' });
    await until(follower, ({ ended, pause }) => ended > 1 && pause === 'none');
    follower.send({ kind: 'cancel' });
    const end = await follower.ended;
    assert.ok(end.kind === 'stopped');
    assert.equal(end.summary.stop.kind, 'cancelled');
    assert.doesNotMatch(states(), /EXECUTING/);
  });

  it('ends in good order at the end of the session or the machine', async function () {
    // There a process is ended without being asked.
    if (process.platform === 'win32') skipBecause(this, 'Windows ends a process without asking it');
    const follower = await start();
    await until(follower, ({ inFlight }) => inFlight !== null);
    const lock = await runningDrain(databasePath);
    assert.ok(lock);
    process.kill(lock.pid, 'SIGTERM');
    const end = await follower.ended;
    assert.ok(end.kind === 'stopped');
    assert.equal(end.summary.stop.kind, 'cancelled');
    assert.equal(follower.live.isCancelling, true);
    assert.doesNotMatch(states(), /EXECUTING/);
    assert.equal(await runningDrain(databasePath), null);
  });

  it('tells why it cannot drain, and leaves no file behind', async () => {
    const first = await start();
    await until(first, ({ inFlight }) => inFlight !== null);
    const endpoint = await findDrainEndpoint(databasePath);
    const second = await start();
    const end = await second.ended;
    assert.ok(end.kind === 'failed');
    assert.match(end.error.message, /Another drain of this database is under way/);
    first.send({ kind: 'cancel' });
    await first.ended;
    while (existsSync(dirname(endpoint ?? ''))) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(await findDrainEndpoint(databasePath), null);
  });

  it('is lost to its followers when it is killed, and leaves nothing that a next drain would not clean up', async () => {
    const follower = await start();
    await until(follower, ({ inFlight }) => inFlight !== null);
    const lock = await runningDrain(databasePath);
    assert.ok(lock);
    process.kill(lock.pid, 'SIGKILL');
    assert.deepEqual(await follower.ended, { kind: 'lost' });
    while ((await runningDrain(databasePath)) !== null)
      await new Promise((resolve) => setTimeout(resolve, 20));
    // The next one cleans up after it.
    const left = lock.endpoint ?? '';
    assert.ok(existsSync(left));
    const next = await start({ batchSize: 1 });
    await until(next, ({ sessionId }) => sessionId !== null);
    assert.ok(!existsSync(dirname(left)));
    await go();
    assert.equal((await next.ended).kind, 'stopped');
  });

  it('says where its log is when it cannot start', async () => {
    const logPath = join(folder(), 'host.log');
    await assert.rejects(
      startDrainHost(
        {
          workerUrl: 'no url',
          writerUrl: 'no url',
          databasePath,
          workspaceFolder: folder(),
          executor: { name: 'example', script: 'x' },
          options: {},
          resume: null,
          approval: 'ask',
          expected: { id, role: 'seed', level: 'ask', fileId: '' },
        },
        { hostPath, logPath },
        () => undefined,
      ),
      /The drain could not be started: it ended with code 1\. See .*host\.log/,
    );
    assert.match(await readFile(logPath, 'utf8'), /Invalid URL/);
  });
});
