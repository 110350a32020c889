import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { drainText } from '../../../src/commandLine/drainReport.ts';
import type { DrainSummary } from '../../../src/core/drain/drainSummary.ts';
import { initDatabase, seedDatabase } from '../../../src/core/seed/seedDatabase.ts';
import { exampleExecutor } from '../../../src/node/drain/executors.ts';
import { drainLockPath } from '../../../src/node/identity/drainLock.ts';
import { listSessions, SessionFiles } from '../../../src/node/drain/sessionStore.ts';
import { runDrain } from '../../../src/node/drain/runDrain.ts';
import { createDatabaseReader } from '../../../src/node/reader/databaseReader.ts';
import { systemClock } from '../../../src/node/system/systemPorts.ts';
import { DatabaseWriter } from '../../../src/node/writer/databaseWriter.ts';
import { silentLogger, workerUrl } from '../databaseReader.ts';
import { phaseScript } from '../phaseScript.ts';
import { isRunning } from '../processTable.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { type HellishMeasures, hellishExecutors, hellishPrelude } from './executorsFromHell.ts';

/** By how much the draining process may grow, in bytes, whatever its executors print. */
const growth = 100 << 20;

/** Drains one phase with each executor from hell, as a real process on a real database. */
export function executorFromHellTests(measures: HellishMeasures): void {
  const folder = temporaryFolder();
  const writer = new DatabaseWriter();
  const reader = createDatabaseReader({ workerUrl, logger: silentLogger });
  after(() => reader.dispose());

  for (const { name, body, told, state, phaseTimeoutSeconds, resumable = false } of hellishExecutors(
    measures,
  )) {
    it(name, async function () {
      this.timeout(60_000 + measures.lockSeconds * 2000);
      const databasePath = join(folder(), 'seed.db');
      await initDatabase(writer, databasePath, { id: randomUUID(), role: 'seed', createdAt: Date.now() });
      await seedDatabase(writer, databasePath, { now: Date.now() });
      const lock = await drainLockPath(databasePath);
      const executor = exampleExecutor(await phaseScript(folder(), hellishPrelude + body));
      const job = { databasePath, workspaceFolder: folder(), executor, reader, writer };
      const options = { batchSize: 1, phaseTimeoutSeconds };
      const memory = watchMemory();
      const summary = await runDrain(
        { ...job, options, clock: systemClock, logger: silentLogger },
        new AbortController().signal,
      );
      const grown = memory.stop();

      assert.deepEqual(essence(summary, folder()), told);
      assert.ok(grown < growth, `${grown >> 20} MiB more`);
      const pids = (await readFile(join(folder(), 'pids'), 'utf8')).trim().split('\n').map(Number);
      assert.deepEqual(pids.filter(isRunning), [], 'every process is ended');
      assert.equal(existsSync(lock), false, 'the lock is released');
      assert.equal(existsSync(databasePath), state !== null);
      if (state !== null) {
        const states = statesOf(databasePath);
        assert.equal(states[0], state);
        assert.ok(!states.includes('EXECUTING'));
      }
      const [session] = await listSessions(new SessionFiles(folder()));
      assert.equal(session?.standing, state === null || resumable ? 'resumable' : 'complete');
      assert.deepEqual(await leftOvers(folder()), []);
    });
  }
}

/** What the summary says of the phase: without paths of the test, the session and what was not taken. */
function essence(summary: DrainSummary, folder: string): string[] {
  return drainText(summary)
    .replaceAll(folder, '<folder>')
    .replaceAll('telemetry-collection-v4', 'run')
    .replaceAll(/telemetry-(p\d+)-[a-z-]+/g, '$1')
    .replaceAll(/(Ended what it left running): .*/g, '$1')
    .split('\n')
    .filter((line) => !/^(?:Session:|Not drained:| {2}log:)/.test(line));
}

function statesOf(path: string): unknown[] {
  const database = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
  try {
    return database
      .prepare('SELECT state FROM phases ORDER BY phase_index')
      .all()
      .map((row) => row.state);
  } finally {
    database.close();
  }
}

/** Drafts and turns that should not outlive a drain. */
async function leftOvers(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => /drain-lock|takeover|\.tmp$/.test(name));
}

/** By how much the process grew at most until it was stopped, in bytes. */
function watchMemory(): { stop(): number } {
  const before = process.memoryUsage.rss();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 20);
  return {
    stop() {
      clearInterval(timer);
      return Math.max(most, process.memoryUsage.rss()) - before;
    },
  };
}
