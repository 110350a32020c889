import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import type { ExecutionResult } from '../../../../src/core/model/execution.ts';
import { followExecution, isAtWork } from '../../../../src/node/drain/runChild.ts';
import { SessionFiles } from '../../../../src/node/drain/sessionStore.ts';
import { generateDatabase } from '../../../bench/generateDatabase.ts';
import { adopted } from '../../../support/adopted.ts';
import { orphanedExecutor } from '../../../support/orphanedExecutor.ts';
import { phaseScript } from '../../../support/phaseScript.ts';
import { isRunning } from '../../../support/processTable.ts';
import { skipBecause } from '../../../support/skipBecause.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const drainProcess = join(import.meta.dirname, '../../../support/faults/drainProcess.ts');
const key = { runId: 'build-00000-41', phaseId: 'phase-002' };
const timeoutMs = 20_000;

/** Says its id, waits until it may go on, and ends its phase. */
const waits = `
const { existsSync, writeFileSync } = await import('node:fs');
const { dirname, join } = await import('node:path');
const folder = dirname(process.argv[1]);
setState('EXECUTING');
writeFileSync(join(folder, 'begun'), String(process.pid));
while (!existsSync(join(folder, 'go'))) await new Promise((resolve) => setTimeout(resolve, 20));
db.exec('BEGIN IMMEDIATE'); addEvent(); setState('COMPLETE'); db.exec('COMMIT');
`;

describe('an executor that outlived its killed drain', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  const start = orphanedExecutor();
  let databasePath: string;
  let script: string;

  beforeEach(async function () {
    if (process.platform === 'win32') skipBecause(this, 'orphans are made with process groups');
    databasePath = join(folder(), 'backlog.db');
    generateDatabase(databasePath, { name: 'one', runs: 1, phasesPerRun: 6, eventsPerPhase: 1 });
    await adopted(databasePath, 'legacy');
    const database = new DatabaseSync(databasePath);
    database.exec("UPDATE phases SET state = 'QUEUED'");
    database.close();
    script = await executor(waits);
  });

  /** Under the name by which programs at work on phases are recognised. */
  async function executor(body: string): Promise<string> {
    const path = join(folder(), 'drainOnePhase.mjs');
    await rename(await phaseScript(folder(), body), path);
    return path;
  }

  const letGo = (): Promise<void> => writeFile(join(folder(), 'go'), '');

  async function begun(): Promise<number> {
    const deadline = Date.now() + timeoutMs;
    while (Date.now() < deadline) {
      const text = await readFile(join(folder(), 'begun'), 'utf8').catch(() => '');
      if (text !== '') return Number(text);
      await wait(20);
    }
    throw new Error('The executor did not begin.');
  }

  function follow(timeoutMs: number, signal = new AbortController().signal): Promise<ExecutionResult> {
    const logs = { stdoutPath: join(folder(), 'out.txt'), stderrPath: join(folder(), 'err.txt') };
    return followExecution({ ...key, databasePath, workspaceFolder: folder(), timeoutMs, ...logs }, signal);
  }

  function stateOf(phaseId: string): unknown {
    const database = new DatabaseSync(databasePath, { readOnly: true, timeout: 5000 });
    try {
      return database.prepare('SELECT state FROM phases WHERE phase_id = ?').get(phaseId)?.state;
    } finally {
      database.close();
    }
  }

  it('is followed to its end, and what it said is kept', async () => {
    await writeFile(join(folder(), 'out.txt'), 'halfway\n');
    const pid = await start({ script, databasePath, ...key });
    await begun();
    assert.equal(await isAtWork(databasePath, key), true);
    const following = follow(timeoutMs);
    let isOver = false;
    void following.then(() => {
      isOver = true;
    });
    await wait(1200);
    assert.equal(isOver, false, 'it is still at work');
    await letGo();
    const result = await following;
    assert.deepEqual([result.outcome, result.exitCode], ['interrupted', null]);
    assert.deepEqual([result.stdoutTail, result.stderrTail], ['halfway\n', '']);
    assert.equal(stateOf(key.phaseId), 'COMPLETE');
    assert.equal(isRunning(pid), false);
    assert.equal(await isAtWork(databasePath, key), false);
  });

  it('is ended with all it started when its time is over, deaf or not', async () => {
    script = await executor(`process.on('SIGTERM', () => {});
      const { spawn } = await import('node:child_process');
      const child = spawn(process.execPath, ['-e', "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"], { stdio: 'ignore' });
      (await import('node:fs')).writeFileSync(${JSON.stringify(join(folder(), 'child'))}, String(child.pid));
      ${waits}`);
    const pid = await start({ script, databasePath, ...key });
    await begun();
    const child = Number(await readFile(join(folder(), 'child'), 'utf8'));
    assert.deepEqual([pid, child].map(isRunning), [true, true]);
    assert.equal((await follow(100)).outcome, 'timed-out');
    assert.deepEqual([pid, child].map(isRunning), [false, false]);
    assert.equal(stateOf(key.phaseId), 'EXECUTING', 'what becomes of the phase is for the drain to say');
  });

  it('is ended when the drain that follows it is cancelled', async () => {
    const pid = await start({ script, databasePath, ...key });
    await begun();
    const control = new AbortController();
    const following = follow(timeoutMs, control.signal);
    control.abort();
    assert.equal((await following).outcome, 'cancelled');
    assert.equal(isRunning(pid), false);
  });

  it('is not confused with one at work on another phase, or on another database', async () => {
    const other = join(folder(), 'other.db');
    generateDatabase(other, { name: 'one', runs: 1, phasesPerRun: 6, eventsPerPhase: 1 });
    const pids = [
      await start({ script, databasePath: other, ...key }),
      await start({ script, databasePath, ...key, phaseId: 'phase-003' }),
      await start({ script, databasePath, ...key, runId: 'build-00001-42' }),
    ];
    await begun();
    assert.equal(await isAtWork(databasePath, key), false);
    assert.equal(await isAtWork(other, key), true);
    assert.equal((await follow(0)).outcome, 'interrupted');
    assert.deepEqual(pids.map(isRunning), [true, true, true]);
    await letGo();
  });

  it('ends its phase in the session that is resumed, once, though the drain was killed', async () => {
    const drain = (...session: string[]): ReturnType<typeof spawn> =>
      spawn(process.execPath, [drainProcess, databasePath, folder(), script, ...session], {
        stdio: ['ignore', 'ignore', 'inherit'],
      });
    const first = drain();
    const pid = await begun();
    first.kill('SIGKILL');
    await once(first, 'close');
    const files = new SessionFiles(folder());
    const [sessionId = ''] = await files.list();
    const inFlight = (await files.load(sessionId)).facts?.inFlight;
    assert.equal(inFlight?.before.phase.state, 'QUEUED');

    const second = drain(sessionId);
    await wait(1500);
    assert.equal(isRunning(pid), true, 'what is at work is not disturbed');
    assert.equal(second.exitCode, null);
    await letGo();
    await once(second, 'close');
    const { facts } = await files.load(sessionId);
    const results = facts?.results.filter(({ phaseId }) => phaseId === inFlight.phaseId);
    assert.deepEqual(
      results?.map(({ finalState, outcome, yield: { estimationEvents } }) => [
        finalState,
        outcome,
        estimationEvents,
      ]),
      [['COMPLETE', 'exited', 1]],
    );
    assert.equal(facts?.status, 'complete');
  });
});
