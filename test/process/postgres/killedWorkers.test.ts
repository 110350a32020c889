import assert from 'node:assert/strict';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { backlogOn, beginSharedDrain } from '../../support/postgres/sharedBacklog.ts';
import { assertNothingAmiss, exitOf, havoc, startWorker } from '../../support/postgres/killedWorkers.ts';
import { ownPostgresServer } from '../../support/postgres/usePostgres.ts';

describe('workers of one drain', function () {
  this.timeout(120_000);
  const server = ownPostgresServer();

  it('do each phase once, whichever of them are killed or stopped, and though the server restarts', async () => {
    const plan = {
      ...{ workers: 4, runs: 60, phasesOfRun: 5, kills: 6, stops: 1, restarts: 1 },
      ...{ leaseMs: 1500, executionMs: 40, pauseMs: 700 },
    };
    assertNothingAmiss(await havoc(server(), 'killed workers', plan), plan);
  });

  it('settle nothing where they were stopped past their lease', async () => {
    const url = await backlogOn(server(), 'stopped worker', { runs: 1, phases: 1 });
    const options = { batchSize: 5, maxAttemptsPerPhase: 5 };
    await beginSharedDrain(url, { id: 'drain', leaseMs: 900, options }, true);
    let said = '';
    const hear = (text: string): void => void (said += text);
    const stopped = await startWorker(url, { executionMs: 1500 }, hear);
    await eventually(async () => (await states('stopped worker'))[0] === 'EXECUTING');
    stopped.kill('SIGSTOP');
    const heir = await startWorker(url, { executionMs: 1 }, hear);
    await once(heir, 'exit');
    stopped.kill('SIGCONT');
    await once(stopped, 'exit');
    assert.deepEqual(await states('stopped worker'), ['COMPLETE']);
    const [ended] = await server().query<{ ends: number }>(
      'stopped worker',
      'SELECT count(*)::int AS ends FROM phase_outcome_events',
    );
    assert.equal(ended?.ends, 1, said);
    const results = await server().query('stopped worker', 'SELECT result FROM autopack_hygiene.results');
    assert.equal(results.length, 2, JSON.stringify(results));
    assert.match(said, /lease of phase-1 of run-1 ran out/);
  });

  it('overrun a budget by at most one phase each', async () => {
    const url = await backlogOn(server(), 'budget of workers', { runs: 100, phases: 1 });
    const options = { batchSize: 1000, maxCost: 0.2 };
    await beginSharedDrain(url, { id: 'drain', leaseMs: 5000, options }, true);
    const workers = await Promise.all(
      Array.from({ length: 4 }, () => startWorker(url, { executionMs: 30, cost: 0.01 }, () => undefined)),
    );
    await Promise.all(workers.map(exitOf));
    const [drain] = await server().query<{ cost: number; stop: { kind: string } }>(
      'budget of workers',
      'SELECT cost, stop FROM autopack_hygiene.drains',
    );
    assert.equal(drain?.stop.kind, 'cost-limit');
    assert.ok(drain.cost >= 0.2 - 1e-9 && drain.cost <= 0.24 + 1e-9, String(drain.cost));
  });

  it('execute no more than the batch', async () => {
    const url = await backlogOn(server(), 'batch of workers', { runs: 30, phases: 2 });
    await beginSharedDrain(url, { id: 'drain', leaseMs: 5000, options: { batchSize: 10 } }, true);
    const workers = await Promise.all(
      Array.from({ length: 4 }, () => startWorker(url, { executionMs: 30 }, () => undefined)),
    );
    await Promise.all(workers.map(exitOf));
    assert.equal((await states('batch of workers')).filter((state) => state === 'COMPLETE').length, 10);
  });

  async function states(name: string): Promise<string[]> {
    const rows = await server().query<{ state: string }>(name, 'SELECT state FROM phases');
    return rows.map(({ state }) => state);
  }
});

async function eventually(isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await isTrue())) {
    assert.ok(performance.now() < deadline, 'It took too long.');
    await wait(50);
  }
}
