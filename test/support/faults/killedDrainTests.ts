import assert from 'node:assert/strict';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { DrainResult } from '../../../src/core/drain/drainResult.ts';
import { seededRandom } from '../../../src/core/telemetry/statistics/clusterBootstrap.ts';
import { listSessions, SessionFiles } from '../../../src/node/drain/sessionStore.ts';
import { generateDatabase } from '../../bench/generateDatabase.ts';
import { adopted } from '../adopted.ts';
import { phaseScript } from '../phaseScript.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { argument, count, drainUntilKilled, execute, toBeResumed } from './drainUntilKilled.ts';

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
    this.timeout(30_000 + moments * 10_000);
    const path = join(folder(), 'backlog.db');
    generateDatabase(path, size);
    await adopted(path, 'legacy');
    // Under the name by which programs at work on phases are recognised.
    const script = join(folder(), 'drainOnePhase.mjs');
    await rename(await phaseScript(folder(), executor), script);
    const files = new SessionFiles(folder());
    const random = seededRandom(moments);
    const eventsBefore = count(path, 'SELECT count(*) AS n FROM token_estimation_v2_events');

    let killed = 0;
    let killedIdle = 0;
    for (let session: string | null = null; killed < moments; session = await toBeResumed(files, path)) {
      // A few die before they have a session; most while phases are drained, or between two of them.
      const isEarly = random() < 0.1;
      const delayMs = random() * (isEarly ? 600 : 400);
      const run = await drainUntilKilled([path, folder(), script, ...argument(session)], {
        delayMs,
        isEarly,
      });
      for (const { standing } of await listSessions(files)) assert.notEqual(standing, 'unreadable');
      if (run.isKilled) killed += 1;
      else assert.equal(run.stop, 'nothing-left', run.stderr);
      if (!run.hasStarted) killedIdle += 1;
      if ((await toBeResumed(files, path)) === null) {
        execute(path, "UPDATE phases SET state = 'QUEUED', updated_at = 'again' WHERE state = 'COMPLETE'");
      }
    }
    assert.ok(killedIdle < moments / 2, 'most were at work when they were killed');
    const last = await drainUntilKilled(
      [path, folder(), script, ...argument(await toBeResumed(files, path))],
      null,
    );
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
