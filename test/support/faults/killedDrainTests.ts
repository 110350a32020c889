import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import type { DrainResult } from '../../../src/core/drain/drainResult.ts';
import { seededRandom } from '../../../src/core/telemetry/statistics/seededRandom.ts';
import { listSessions } from '../../../src/node/drain/listSessions.ts';
import { SessionFiles } from '../../../src/node/drain/sessionFiles.ts';
import { generateDatabase } from '../../bench/generateDatabase.ts';
import { adopted } from '../adopted.ts';
import { phaseScript } from '../phaseScript.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const program = join(import.meta.dirname, 'drainProcess.ts');
const size = { name: 'killed', runs: 2, phasesPerRun: 6, eventsPerPhase: 1 };

/** Works for a moment and then ends its phase, well or badly, in one transaction with one event. */
const executor = `
setState('EXECUTING');
await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
db.exec('BEGIN IMMEDIATE');
addEvent();
setState(Math.random() < 0.8 ? 'COMPLETE' : 'FAILED');
db.exec('COMMIT');
`;

/** Kills a drain at so many random moments, resumes it after each, and compares what it reports with what happened. */
export function killedDrainTests(moments: number): void {
  const folder = temporaryFolder();

  it(`loses nothing when it is killed at ${moments} random moments`, async function () {
    this.timeout(30_000 + moments * 3000);
    const path = join(folder(), 'backlog.db');
    generateDatabase(path, size);
    await adopted(path, 'legacy');
    // Under the name by which programs at work on phases are recognised.
    const script = join(folder(), 'drainOnePhase.mjs');
    await rename(await phaseScript(folder(), executor), script);
    const files = new SessionFiles(folder());
    const random = seededRandom(moments);
    const eventsBefore = count(path, 'SELECT count(*) AS n FROM token_estimation_v2_events');

    let session: string | null = null;
    for (let killed = 0; killed < moments;) {
      // Mostly while phases are drained, sometimes while it starts.
      const delayMs = random() * (random() < 0.2 ? 60 : 400);
      const run: DrainRun = await drainUntilKilled([path, folder(), script, ...argument(session)], delayMs);
      session = run.session ?? session;
      for (const { standing } of await listSessions(files)) assert.notEqual(standing, 'unreadable');
      if (run.isKilled) killed += 1;
      else {
        assert.equal(run.stop, 'nothing-left', run.stderr);
        execute(path, "UPDATE phases SET state = 'QUEUED', updated_at = 'again' WHERE state = 'COMPLETE'");
        session = null;
      }
    }
    const last = await drainUntilKilled([path, folder(), script, ...argument(session)], null);
    assert.equal(last.stop, 'nothing-left', last.stderr);

    const results: DrainResult[] = [];
    for (const { sessionId, standing } of await listSessions(files)) {
      assert.equal(standing, 'complete', sessionId);
      const { facts, session: reference } = await files.load(sessionId);
      assert.deepEqual([facts?.inFlight, reference.total_processed], [null, facts?.results.length]);
      results.push(...(facts?.results ?? []));
    }
    const reported = results.reduce((sum, result) => sum + result.yield.estimationEvents, 0);
    const happened = count(path, 'SELECT count(*) AS n FROM token_estimation_v2_events') - eventsBefore;
    assert.equal(reported, happened, 'every end of a phase is reported once');
    const ended = results.filter(({ yield: { estimationEvents } }) => estimationEvents === 1);
    assert.ok(ended.every(({ finalState }) => finalState === 'COMPLETE' || finalState === 'FAILED'));
    assert.equal(count(path, "SELECT count(*) AS n FROM phases WHERE state <> 'COMPLETE'"), 0);
    assert.deepEqual(execute(path, 'PRAGMA integrity_check'), [{ integrity_check: 'ok' }]);
  });
}

interface DrainRun {
  readonly session: string | null;
  readonly isKilled: boolean;
  readonly stop: string | null;
  readonly stderr: string;
}

/** Runs a drain and kills it so long after it has started its session; `null` lets it come to its end. */
async function drainUntilKilled(args: readonly string[], delayMs: number | null): Promise<DrainRun> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const closed = once(child, 'close');
  if (delayMs !== null) {
    await Promise.race([closed, once(child.stdout, 'data')]);
    await Promise.race([closed, wait(delayMs)]);
    child.kill('SIGKILL');
  }
  await closed;
  return {
    session: /^started (.+)$/m.exec(stdout)?.[1] ?? null,
    isKilled: child.signalCode === 'SIGKILL',
    stop: /^ended (.+)$/m.exec(stdout)?.[1] ?? null,
    stderr,
  };
}

function argument(session: string | null): string[] {
  return session === null ? [] : [session];
}

function execute(path: string, sql: string): unknown[] {
  const database = new DatabaseSync(path, { timeout: 5000 });
  try {
    return database
      .prepare(sql)
      .all()
      .map((row) => ({ ...row }));
  } finally {
    database.close();
  }
}

function count(path: string, sql: string): number {
  return (execute(path, sql)[0] as { n: number }).n;
}
