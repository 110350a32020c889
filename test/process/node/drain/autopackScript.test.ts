import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { DrainRequest } from '../../../../src/core/drain/drainOptions.ts';
import type { DrainSummary } from '../../../../src/core/drain/drainSummary.ts';
import { initDatabase, seedDatabase } from '../../../../src/core/seed/seedDatabase.ts';
import { autopackExecutor } from '../../../../src/node/drain/executors.ts';
import { planDrainOf, type PlannedDrain } from '../../../../src/node/drain/planDrainOf.ts';
import { runDrain } from '../../../../src/node/drain/runDrain.ts';
import { createDatabaseReader } from '../../../../src/node/reader/databaseReader.ts';
import { systemClock } from '../../../../src/node/system/systemPorts.ts';
import { DatabaseWriter } from '../../../../src/node/writer/databaseWriter.ts';
import type { DatabaseReader } from '../../../../src/protocol/readerProtocol.ts';
import { writeAutopackScript } from '../../../support/autopackScript.ts';
import { silentLogger, workerUrl } from '../../../support/databaseReader.ts';
import { isRunning } from '../../../support/processTable.ts';
import { rejectsWith } from '../../../support/rejectsWith.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const runId = 'telemetry-collection-v4';

describe("a drain by a script that behaves as Autopack's", function () {
  this.timeout(30_000);
  const folder = temporaryFolder();
  const writer = new DatabaseWriter();
  let reader: DatabaseReader;
  let databasePath: string;
  let ids: string[];

  before(() => {
    reader = createDatabaseReader({ workerUrl, logger: silentLogger });
  });
  after(() => reader.dispose());
  beforeEach(async () => {
    databasePath = await made('seed.db');
    ids = rows(databasePath).map(({ id }) => id);
  });

  async function made(name: string): Promise<string> {
    const path = join(folder(), name);
    await initDatabase(writer, path, { id: randomUUID(), role: 'seed', createdAt: Date.now() });
    await seedDatabase(writer, path, { now: Date.now() });
    return path;
  }

  function rows(path: string): { id: string; state: string }[] {
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      const found = database.prepare('SELECT phase_id, state FROM phases ORDER BY phase_index').all();
      return found.map(({ phase_id: id, state }) => ({ id: String(id), state: String(state) }));
    } finally {
      database.close();
    }
  }

  const completed = (path = databasePath): string[] =>
    rows(path).flatMap(({ id, state }) => (state === 'COMPLETE' ? [id] : []));

  function change(sql: string): void {
    const database = new DatabaseSync(databasePath);
    database.exec(sql);
    database.close();
  }

  function drain(options: DrainRequest, resume?: string): Promise<DrainSummary> {
    const executor = autopackExecutor(process.execPath);
    const parts = { databasePath, workspaceFolder: folder(), executor, options, reader, writer, resume };
    return runDrain({ ...parts, clock: systemClock, logger: silentLogger }, new AbortController().signal);
  }

  function plan(request: DrainRequest): Promise<PlannedDrain> {
    const executor = autopackExecutor(process.execPath);
    return planDrainOf({ databasePath, workspaceFolder: folder(), options: request, reader, executor });
  }

  const sixth = (): DrainRequest => ({ phaseKeys: [{ runId, phaseId: ids[5] ?? '' }] });

  it('leaves a phase behind others in the queue, unless somebody agreed to those', async () => {
    await writeAutopackScript(folder(), 'first-queued');
    const summary = await drain(sixth());
    assert.equal(summary.processed, 0);
    assert.deepEqual(completed(), []);
    assert.equal(summary.notTaken[0]?.code, 'earlier-queued');
    assert.match(summary.notTaken[0].reason, new RegExp(`${ids[0]} first`));
  });

  it('plans the phase that would really run, and books it under its own name, once', async () => {
    await writeAutopackScript(folder(), 'first-queued');
    const { plan: planned } = await plan(sixth());
    assert.deepEqual(
      planned.steps.map(({ candidate, insteadOf }) => [candidate.phaseId, insteadOf?.phaseId]),
      [[ids[0], ids[5]]],
    );
    const summary = await drain({ ...sixth(), allowEarlierQueued: true });
    assert.deepEqual(completed(), [ids[0]]);
    assert.deepEqual(
      summary.results.map(({ phaseId, finalState, askedFor }) => [phaseId, finalState, askedFor]),
      [[ids[0], 'COMPLETE', null]],
    );
    assert.equal(summary.succeeded, 1);
    assert.deepEqual(summary.results[0]?.notes, [
      `Executed in place of ${ids[5]}: Autopack runs the first queued phase of a run.`,
    ]);
  });

  it('books both of two phases that one call ran, each once', async () => {
    await writeAutopackScript(folder(), 'two');
    const summary = await drain({ batchSize: 4 });
    assert.deepEqual(completed(), ids.slice(0, 4));
    assert.deepEqual(
      summary.results.map(({ phaseId, alongside }) => [phaseId, alongside]),
      [
        [ids[1], ids[0]],
        [ids[0], null],
        [ids[3], ids[2]],
        [ids[2], null],
      ],
    );
    assert.deepEqual([summary.processed, summary.succeeded], [4, 4]);
  });

  it('tells a crash that left no trace from a phase that failed', async () => {
    await writeAutopackScript(folder(), 'crash');
    const summary = await drain({ batchSize: 1 });
    const [result] = summary.results;
    assert.deepEqual([result?.finalState, result?.zeroYield?.cause], ['QUEUED', 'crashed-before-phase']);
    assert.match(
      result?.zeroYield?.evidence ?? '',
      /^Ended by a signal, and nothing changed in the database\.$/,
    );
  });

  it('gets to the chosen phase where the batch is large enough for those before it', async () => {
    await writeAutopackScript(folder(), 'first-queued');
    const request = { ...sixth(), batchSize: 9 };
    const { plan: planned } = await plan(request);
    const summary = await drain({ ...request, allowEarlierQueued: true });
    assert.deepEqual(completed(), ids.slice(0, 6));
    assert.deepEqual(
      summary.results.map(({ phaseId }) => phaseId),
      planned.steps.map(({ candidate }) => candidate.phaseId),
    );
  });

  it('takes queued phases on purpose before a failed one that stands behind them', async () => {
    await writeAutopackScript(folder(), 'first-queued');
    change(`UPDATE phases SET state = 'COMPLETE' WHERE phase_index IN (0, 2, 4, 6, 7, 8, 9);
      UPDATE phases SET state = 'FAILED' WHERE phase_index = 5; UPDATE phases SET last_failure_reason = 'odd' WHERE phase_index < 5`);
    const { plan: planned } = await plan({});
    const summary = await drain({});
    const order = [ids[1], ids[3], ids[5]];
    assert.deepEqual(
      summary.results.map(({ phaseId }) => phaseId),
      order,
    );
    assert.deepEqual(
      planned.steps.map(({ candidate }) => candidate.phaseId),
      order,
    );
    assert.deepEqual(
      summary.results.flatMap(({ notes }) => notes),
      [],
      'rows that were only touched are not told of',
    );
    assert.deepEqual([summary.processed, summary.succeeded], [3, 3]);
  });

  it('goes by the tiers of a run', async () => {
    await writeAutopackScript(folder(), 'first-queued');
    change(`INSERT INTO tiers SELECT 99, 'T0', run_id, -1, name, description, state, token_cap, ci_run_cap, max_minor_issues_tolerated,
        max_major_issues_tolerated, tokens_used, ci_runs_used, minor_issues_count, major_issues_count, cleanliness, created_at,
        updated_at, started_at, completed_at FROM tiers LIMIT 1;
      UPDATE phases SET tier_id = 99 WHERE phase_index = 9`);
    const { plan: planned } = await plan({ batchSize: 2 });
    const summary = await drain({ batchSize: 2 });
    assert.deepEqual(
      summary.results.map(({ phaseId }) => phaseId),
      [ids[9], ids[0]],
    );
    assert.deepEqual(
      planned.steps.map(({ candidate }) => candidate.phaseId),
      [ids[9], ids[0]],
    );
  });

  it('books what ran, where the script went on to another phase than could be foreseen', async () => {
    await writeAutopackScript(folder(), 'first-queued');
    // Not QUEUED in the letters that SQL compares with, so that the script passes over it.
    change(`UPDATE phases SET state = 'queued' WHERE phase_index = 0`);
    const summary = await drain({ batchSize: 1 });
    const [result] = summary.results;
    assert.deepEqual([result?.phaseId, result?.askedFor, result?.success], [ids[1], ids[0], true]);
    assert.deepEqual(result?.notes, [`The executor ran ${ids[1]} instead of ${ids[0]}.`]);
  });

  for (const [name, options] of [
    ['says that it has completed the phase', { batchSize: 3, told: 'it works on another database' }],
    [
      'says that the phase is not complete',
      { batchSize: 3, phaseKeys: 'ninth', told: 'it did nothing, or works on another database' },
    ],
  ] as const) {
    it(`stops after one phase that left nothing in the database, where the script ${name}`, async () => {
      const other = await made('other.db');
      await writeAutopackScript(folder(), 'first-queued', { otherDatabase: other });
      if ('phaseKeys' in options) change(`UPDATE phases SET state = 'COMPLETE' WHERE phase_index < 8`);
      const summary = await drain({ batchSize: options.batchSize });
      assert.equal(summary.stop.kind, 'no-trace');
      assert.equal(summary.processed, 1);
      assert.equal(summary.succeeded, 0);
      assert.match(summary.stop.message, new RegExp(`nothing changed in .*seed\\.db: ${options.told}\\.$`));
      assert.match(summary.nextStep, /doctor/);
      assert.equal(completed(other).length, 1);
      assert.equal(summary.stop.complete, false);
    });
  }

  it('stops where the script does not find the phase in the database it works on', async () => {
    const other = await made('other.db');
    await writeAutopackScript(folder(), 'first-queued', { otherDatabase: other });
    change(`UPDATE phases SET phase_id = 'x-' || phase_id`);
    const summary = await drain({});
    assert.equal(summary.stop.kind, 'no-trace');
    assert.match(summary.stop.message, /Phase not found/);
  });

  it('ends a server that a phase left in a session of its own, and says so', async () => {
    await writeAutopackScript(folder(), 'orphan');
    const summary = await drain({ batchSize: 2 });
    assert.equal(summary.succeeded, 2);
    for (const { stdoutPath, notes } of summary.results) {
      const pid = Number(/server (\d+)/.exec(await readFile(stdoutPath, 'utf8'))?.[1]);
      assert.ok(pid > 0 && !isRunning(pid), `process ${pid} has ended`);
      assert.match(
        notes.join(),
        new RegExp(String.raw`^Ended what it left running: .*setTimeout.* \(process ${pid}\)\.$`),
      );
    }
  });

  it("refuses to resume while Autopack's own controller drains the same database, and not for another", async () => {
    await writeAutopackScript(folder(), 'first-queued');
    const { sessionId } = await drain({ batchSize: 1 });
    const script = join(folder(), 'scripts', 'batch_drain_controller.py');
    await writeFile(script, "console.log('begun'); setTimeout(() => {}, 60_000);");
    const other = await made('other.db');
    for (const [path, isRefused] of [
      [other, false],
      [databasePath, true],
    ] as const) {
      const env = { ...process.env, DATABASE_URL: `sqlite:///${path}` };
      const controller = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'ignore'] });
      try {
        await once(controller.stdout, 'data');
        const going = drain({ batchSize: isRefused ? 3 : 2 }, sessionId ?? '');
        if (isRefused) await rejectsWith('drain-running', going);
        else assert.equal((await going).processed, 2);
      } finally {
        controller.kill('SIGKILL');
      }
    }
  });

  it('does not take for another database what ended before it could change anything', async () => {
    await writeAutopackScript(folder(), 'no-server');
    const summary = await drain({ batchSize: 2 });
    assert.notEqual(summary.stop.kind, 'no-trace');
  });
});
