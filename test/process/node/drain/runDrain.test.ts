import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { DrainRequest } from '../../../../src/core/drain/drainOptions.ts';
import type { DrainProgress } from '../../../../src/core/drain/drainProgress.ts';
import type { DrainSummary } from '../../../../src/core/drain/drainSummary.ts';
import { initDatabase, seedDatabase } from '../../../../src/core/seed/seedDatabase.ts';
import { exampleExecutor } from '../../../../src/node/drain/executors.ts';
import { runDrain } from '../../../../src/node/drain/runDrain.ts';
import { SessionFiles } from '../../../../src/node/drain/sessionStore.ts';
import { createDatabaseReader } from '../../../../src/node/reader/databaseReader.ts';
import { systemClock } from '../../../../src/node/system/systemPorts.ts';
import { DatabaseWriter } from '../../../../src/node/writer/databaseWriter.ts';
import type { DatabaseReader } from '../../../../src/protocol/readerProtocol.ts';
import { phaseScript } from '../../../support/phaseScript.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const source = join(import.meta.dirname, '../../../../src');
const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

describe('runDrain, on a real database with real processes', function () {
  this.timeout(30_000);
  const folder = temporaryFolder();
  const writer = new DatabaseWriter();
  const progress: DrainProgress[] = [];
  /** Cancels what a failed test left running. */
  let control = new AbortController();
  let reader: DatabaseReader;
  let databasePath: string;

  before(() => {
    const workerUrl = pathToFileURL(join(source, 'node/reader/readerWorker.ts'));
    reader = createDatabaseReader({ workerUrl, logger: silent });
  });
  after(() => reader.dispose());
  afterEach(() => control.abort());
  beforeEach(async () => {
    control = new AbortController();
    progress.length = 0;
    databasePath = join(folder(), 'seed.db');
    await initDatabase(writer, databasePath, { id: randomUUID(), role: 'seed', createdAt: Date.now() });
    await seedDatabase(writer, databasePath, { now: Date.now() });
  });

  async function drain(body: string, options: DrainRequest = {}): Promise<DrainSummary> {
    const executor = exampleExecutor(await phaseScript(folder(), body));
    const job = {
      databasePath,
      workspaceFolder: folder(),
      executor,
      options,
      reader,
      writer,
      clock: systemClock,
      logger: silent,
    };
    return runDrain({ ...job, onProgress: (each) => progress.push(each) }, control.signal);
  }

  function phases(): Record<string, unknown>[] {
    const database = new DatabaseSync(databasePath, { readOnly: true, timeout: 5000 });
    try {
      return database
        .prepare(
          'SELECT state, last_failure_reason AS reason, completed_at AS ended FROM phases ORDER BY phase_index',
        )
        .all();
    } finally {
      database.close();
    }
  }

  const states = (): unknown[] => phases().map(({ state }) => state);
  const first = { batchSize: 1 };

  it('drains the seeded run, ten of ten, and tells its progress', async () => {
    const summary = await drain(`setState('EXECUTING'); addEvent(); setState('COMPLETE');`, {
      runId: 'telemetry-collection-v4',
    });
    assert.deepEqual(new Set(states()), new Set(['COMPLETE']));
    assert.deepEqual([summary.succeeded, summary.events, summary.yield.outputTokens], [10, 10, 800]);
    const kinds = progress.map(({ kind }) => kind);
    assert.deepEqual(kinds.slice(0, 4), ['session-started', 'phase-started', 'phase-finished', 'run-judged']);
    assert.equal(kinds.at(-1), 'stopped');
    const stored = await new SessionFiles(folder()).load(summary.sessionId ?? '');
    assert.equal(stored.session.total_telemetry_events, 10);
    assert.notEqual(stored.session.completed_at, null);
  });

  it('takes the next phase after one that hangs', async () => {
    const summary = await drain(
      `setState('EXECUTING'); if (phaseId.includes('-p1-')) setInterval(() => {}, 1000); else setState('COMPLETE');`,
      {
        batchSize: 2,
        phaseTimeoutSeconds: 1,
      },
    );
    assert.deepEqual([summary.timedOut, summary.succeeded], [1, 1]);
    const [hung] = phases();
    assert.equal(hung?.state, 'FAILED');
    assert.match(String(hung.reason), /^Timed out after 1 s/);
    assert.notEqual(hung.ended, null);
  });

  it('is cancelled within two seconds, even where the executor is deaf', async () => {
    const running = drain(
      `process.on('SIGTERM', () => {}); setState('EXECUTING'); console.log('deaf'); setInterval(() => {}, 1000);`,
      first,
    );
    const isExecuting = async (): Promise<void> => {
      for (let looks = 0; looks < 500 && states()[0] !== 'EXECUTING'; looks += 1) await wait(20);
    };
    await Promise.race([running, isExecuting()]);
    const cancelledAt = performance.now();
    control.abort();
    const summary = await running;
    assert.ok(performance.now() - cancelledAt < 2000, `${performance.now() - cancelledAt} ms`);
    assert.equal(summary.stop.kind, 'cancelled');
    assert.match(String(phases()[0]?.reason), /^Cancelled by user\.$/);
    assert.deepEqual(new Set(states().slice(1)), new Set(['QUEUED']));
  });

  it('keeps the output, and explains a failure by it', async () => {
    const summary = await drain(
      `console.log('on its way'); console.error("ModuleNotFoundError: No module named 'autopack'"); process.exit(1);`,
      first,
    );
    const [result] = summary.results;
    assert.equal(result?.zeroYield?.cause, 'import-error');
    assert.equal(result.error, "ModuleNotFoundError: No module named 'autopack'");
    assert.equal(await readFile(result.stdoutPath, 'utf8'), 'on its way\n');
    assert.equal(states()[0], 'QUEUED');
  });

  it('does not count what others write meanwhile, and notices what was written under another run', async () => {
    const summary = await drain(`addEvent('another-run'); addEvent('unknown'); setState('COMPLETE');`, first);
    assert.equal(summary.events, 0);
    assert.equal(summary.results[0]?.zeroYield?.cause, 'recorded-elsewhere');
  });

  it('records under the phase that was asked for what names it, and notes what changed besides', async () => {
    const summary = await drain(`addEvent(); setState('COMPLETE', 'telemetry-p2-number-util');`, {
      phaseKeys: [{ runId: 'telemetry-collection-v4', phaseId: 'telemetry-p3-list-util' }],
    });
    // The event names the phase that was asked for, so that one was at work, whatever state changed.
    assert.equal(summary.results[0]?.phaseId, 'telemetry-p3-list-util');
    assert.match(
      summary.results[0].notes.join(),
      /telemetry-p2-number-util became COMPLETE meanwhile; nothing says that this execution ran it/,
    );
  });

  it('notices that another file has taken the place of the database', async () => {
    const other = join(folder(), 'other.db');
    await initDatabase(writer, other, { id: randomUUID(), role: 'seed', createdAt: Date.now() });
    await seedDatabase(writer, other, { now: Date.now() });
    const replaced = await drain(
      `db.close(); (await import('node:fs')).renameSync(${JSON.stringify(other)}, process.env.DATABASE_URL.replace('sqlite:///', ''));`,
    );
    assert.match(replaced.stop.message, /Another file has taken the place/);
  });
});
