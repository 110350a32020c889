// One measurement in a process of its own: measure.ts READER TASK PATH, the figures as JSON on standard output.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import type { SqlValue } from '../../src/core/db/databasePorts.ts';
import { DecodeWarnings } from '../../src/core/db/columnReader.ts';
import { SnapshotReader } from '../../src/core/db/snapshot/snapshotReader.ts';
import { SqlEngine } from '../../src/core/db/sqlJs/sqlEngine.ts';
import { TolerantSchema } from '../../src/core/db/tolerantSchema.ts';
import { anyPhase } from '../../src/core/model/phaseFilter.ts';
import { matchingRuns } from '../../src/core/queries/matchingRuns.ts';
import type { QueryContext } from '../../src/core/db/scan/queryContext.ts';
import { listRuns, runDetail } from '../../src/core/queries/runs.ts';
import { backupCopies } from '../../src/node/reader/backupCopies.ts';
import { createDatabaseReader } from '../../src/node/reader/databaseReader.ts';
import { nodeFiles } from '../../src/node/reader/nodeFiles.ts';
import { systemClock } from '../../src/node/system/systemPorts.ts';
import { nativeReadDatabase } from '../support/nativeReadDatabase.ts';
import type { Measurement, ReaderName, TaskName } from './measurement.ts';
import { peakMemoryKib } from './peakMemory.ts';
import { Stopwatch } from './stopwatch.ts';

type Ask = <T>(key: string, query: (context: QueryContext) => T) => Promise<T>;

const [reader, task, path] = process.argv.slice(2) as [ReaderName, TaskName, string];
const wasmPath = createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm');
const cacheBytes = 64 * 1024 * 1024;
const idleKib = peakMemoryKib();
process.stdout.write(JSON.stringify(await measure()));
process.exit(0);

async function measure(): Promise<Measurement> {
  switch (task) {
    case 'list':
      return list();
    case 'expand':
      return expand(await open());
    case 'refresh':
      return refresh(await open());
    case 'filter':
      return filter(await open());
    case 'refilter':
      return refilter(await open());
    case 'host':
      return host();
  }
}

async function open(): Promise<Ask> {
  switch (reader) {
    case 'snapshot': {
      const engine = await SqlEngine.start(await WebAssembly.compile(readFileSync(wasmPath)));
      const ports = { files: nodeFiles, engine, clock: systemClock, copies: backupCopies };
      const snapshots = new SnapshotReader(path, ports, { cacheBytes });
      return async (key, run) => (await snapshots.read({ key, run })).value;
    }
    case 'sql.js, whole file': {
      const engine = await SqlEngine.start(await WebAssembly.compile(readFileSync(wasmPath)));
      const bytes = readFileSync(path);
      const image = { byteLength: bytes.length, read: () => bytes };
      const db = engine.copying().open(image);
      return (_key, query) => Promise.resolve(query(contextOf(db)));
    }
    case 'node:sqlite': {
      const db = nativeReadDatabase(new DatabaseSync(path, { readOnly: true }));
      return (_key, query) => Promise.resolve(query(contextOf(db)));
    }
  }
}

function contextOf(db: QueryContext['db']): QueryContext {
  const file = { path, sizeBytes: 0, modifiedAt: 0, journalMode: 'delete', fileId: '' } as const;
  return { db, schema: TolerantSchema.read(db), warnings: new DecodeWarnings(), file };
}

async function list(): Promise<Measurement> {
  const watch = new Stopwatch(idleKib);
  await watch.time(async () => {
    const ask = await open();
    await ask('list', listRuns);
  });
  return watch.measurement;
}

/** Runs never asked for before, one after the other, as a person opens them. */
async function expand(ask: Ask): Promise<Measurement> {
  const runs = await ask('list', listRuns);
  const watch = new Stopwatch(idleKib);
  for (let i = 0; i < 60; i++) {
    const runId = runs[(i * 37) % runs.length]?.id ?? '';
    await watch.time(() => ask(`run ${runId}`, (context) => runDetail(context, { runId })));
  }
  return watch.measurement;
}

/** Commits of one row by another connection, each followed by the list of runs. */
async function refresh(ask: Ask): Promise<Measurement> {
  await ask('list', listRuns);
  const watch = new Stopwatch(idleKib);
  for (let i = 0; i < 60; i++) {
    commitOneRow(i);
    await watch.time(() => ask('list', listRuns));
  }
  return watch.measurement;
}

/** Texts never asked for before, one after the other. */
async function filter(ask: Ask): Promise<Measurement> {
  await ask('list', listRuns);
  const watch = new Stopwatch(idleKib);
  for (let i = 10; i < 30; i++) await watch.time(() => askFor(ask, `phase-0${i}`));
  return watch.measurement;
}

/** Commits of one row by another connection, each followed by the runs that a text leaves. */
async function refilter(ask: Ask): Promise<Measurement> {
  await askFor(ask, 'phase-01');
  const watch = new Stopwatch(idleKib);
  for (let i = 0; i < 30; i++) {
    commitOneRow(i);
    await watch.time(() => askFor(ask, 'phase-01'));
  }
  return watch.measurement;
}

async function askFor(ask: Ask, text: string): Promise<void> {
  const wanted = { ...anyPhase, states: ['FAILED'], text };
  await ask(`filter ${text}`, (context) => matchingRuns(context, wanted));
}

function commitOneRow(round: number): void {
  const writer = new DatabaseSync(path);
  const id: SqlValue = 1 + ((round * 331) % 10_000);
  const changes = [
    'UPDATE phases SET tokens_used = tokens_used + 1 WHERE id = ?',
    `UPDATE phases SET state = CASE state WHEN 'FAILED' THEN 'QUEUED' ELSE 'FAILED' END WHERE id = ?`,
    'UPDATE runs SET tokens_used = tokens_used + 1 WHERE rowid = 1 + ? % 200',
  ];
  writer.prepare(changes[round % changes.length] ?? '').run(id);
  writer.close();
}

/** What the host's own thread has to do, and how long it is held up, while its reader answers in a thread of its own. */
async function host(): Promise<Measurement> {
  const logger = { debug: () => undefined, info: () => undefined, warn: console.warn, error: console.error };
  const workerUrl = pathToFileURL(`${import.meta.dirname}/../../src/node/reader/readerWorker.ts`);
  const database = createDatabaseReader({ workerUrl, wasmPath, logger });
  // The start of the thread loads its sources, which a built worker has in one file.
  await database.request(path, 'version', null);
  const ms: number[] = [];
  const workMs: number[] = [];
  for (let i = 0; i < 20; i++) {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const before = process.threadCpuUsage();
    await database.request(path, 'listRuns', null);
    const { user, system } = process.threadCpuUsage(before);
    await systemClock.sleep(5);
    delay.disable();
    ms.push(delay.max / 1e6);
    workMs.push((user + system) / 1000);
    commitOneRow(i);
  }
  await database.dispose();
  return { ms, workMs, peakMib: (peakMemoryKib() - idleKib) / 1024 };
}
