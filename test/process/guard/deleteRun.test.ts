import assert from 'node:assert/strict';
import { copyFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { deletionText, type RunToDelete } from '../../../src/core/maintenance/deleteRun.ts';
import { acquireDrainLock } from '../../../src/node/identity/drainLock.ts';
import { deleteAgreed, type DeleteRunDeps } from '../../../src/node/maintenance/bulkChange.ts';
import { systemClock } from '../../../src/node/system/systemPorts.ts';
import { adopted } from '../../support/adopted.ts';
import { databaseSources } from '../../support/data/dataSources.ts';
import { aloneOnTheMachine } from '../../support/guard/aloneOnTheMachine.ts';
import { GuardWorld, meddle, suiteReader } from '../../support/guard/guardWorld.ts';
import { lookAlikeWorker } from '../../support/guard/lookAlikeWorker.ts';
import { rejectsWith } from '../../support/rejectsWith.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const run = 'telemetry-collection-v4';
const event = (id: number, runId: string, more = ''): string =>
  `INSERT INTO token_estimation_v2_events (event_id, run_id, phase_id, timestamp, category, complexity,
     deliverable_count, deliverables_json, predicted_output_tokens, actual_output_tokens, selected_budget, success,
     truncated, stop_reason, model, is_truncated_output, created_at)
   SELECT ${id}, '${runId}', phase_id, '2026-01-01', task_category, complexity, 1, '["a"]', 900 + ${id}, 1000 + ${id}, 8192, 1,
     0, 'end_turn', 'm', 0, '2026-01-01' FROM phases LIMIT 1${more}`;

describe('deleting a run', function () {
  this.timeout(20_000);
  const folder = temporaryFolder();
  const reader = suiteReader();
  const worker = lookAlikeWorker(folder);
  const worldIn = (): GuardWorld => new GuardWorld(folder(), reader());
  const deps = ({ writer, guard }: GuardWorld): DeleteRunDeps => ({
    writer,
    guard,
    clock: systemClock,
    workspaceFolder: folder(),
  });
  const look = async (path: string, runId: string): Promise<RunToDelete> =>
    (await reader().request(path, 'runToDelete', { runId })).value;

  /** Asks SQLite itself. */
  function all(path: string, sql: string): Record<string, unknown>[] {
    const database = new DatabaseSync(path, { readOnly: true });
    const rows = database.prepare(sql).all();
    database.close();
    return rows.map((row) => ({ ...row }));
  }
  const health = (path: string): unknown => [
    all(path, 'PRAGMA integrity_check'),
    all(path, 'PRAGMA foreign_key_check'),
  ];
  const tablesOf = (path: string): string[] =>
    all(path, `SELECT name FROM sqlite_master WHERE type = 'table'`).map(({ name }) => String(name));
  const countAll = (path: string): Record<string, unknown> =>
    Object.fromEntries(
      tablesOf(path).map((table) => [table, all(path, `SELECT count(*) AS n FROM "${table}"`)[0]?.n]),
    );

  it('says how many rows of which tables go, and how many samples a calibration loses', async () => {
    const path = await worldIn().make('seed.db');
    meddle(
      path,
      event(1, run),
      event(2, run),
      `UPDATE token_estimation_v2_events SET success = 0 WHERE event_id = 2`,
      `INSERT INTO llm_usage_events (provider, model, run_id, phase_id, role, total_tokens, created_at, is_doctor_call)
       VALUES ('p', 'm', '${run}', 'x', 'builder', 1, '2026-01-01', 0)`,
      `CREATE TABLE notes (run_id TEXT, text TEXT)`,
      `INSERT INTO notes VALUES ('${run}', 'mine'), ('other', 'mine')`,
    );
    const found = await look(path, run);
    assert.deepEqual(deletionText(found), [
      'Deletes 1 run, 1 tier, 10 phases, 2 rows of token_estimation_v2_events, 1 row of llm_usage_events, 1 row of notes.',
      'Among them 1 clean sample, on which calibrations rest.',
    ]);
    assert.deepEqual(found, {
      runId: run,
      goes: [
        { table: 'runs', rows: 1 },
        { table: 'tiers', rows: 1 },
        { table: 'phases', rows: 10 },
        { table: 'token_estimation_v2_events', rows: 2 },
        { table: 'llm_usage_events', rows: 1 },
        { table: 'notes', rows: 1 },
      ],
      releases: [],
      cleanSamples: 1,
    });
    await rejectsWith('unknown-run', look(path, 'nowhere'));
  });

  it('takes out just that, after a backup, and the database is known as the same afterwards', async function () {
    const world = worldIn();
    const path = await world.make('seed.db');
    await aloneOnTheMachine(this, path);
    await world.seed(path);
    meddle(path, event(1, run), event(2, 'another-run'));
    const expected = await world.authorise(path, 'delete-run');
    const before = countAll(path);
    const backup = await deleteAgreed(path, await look(path, run), expected, deps(world));
    assert.deepEqual(countAll(path), {
      ...before,
      runs: 1,
      tiers: 1,
      phases: 10,
      token_estimation_v2_events: 1,
      autopack_hygiene_journal: Number(before.autopack_hygiene_journal) + 1,
    });
    assert.ok(backup);
    assert.deepEqual(countAll(backup.path), before);
    assert.match(backup.path, /-delete-run\.db$/);
    await rejectsWith('unknown-run', look(path, run));
    assert.equal((await world.guard.inspect(path)).verdict.kind, 'same');
  });

  it('is refused when more or less belongs to the run than was agreed on', async function () {
    const world = worldIn();
    const path = await world.make('seed.db');
    await aloneOnTheMachine(this, path);
    const expected = await world.authorise(path, 'delete-run');
    const agreed = await look(path, run);
    meddle(path, event(1, run), 'DELETE FROM phases WHERE phase_index > 7');
    const before = countAll(path);
    const error = await rejectsWith('changed', deleteAgreed(path, agreed, expected, deps(world)));
    assert.match(error.message, /\(phases were 10, are 8; token_estimation_v2_events were 0, are 1\)/);
    assert.deepEqual(countAll(path), before);
  });

  it('is refused while the database is drained, or a program is at work on the run', async function () {
    const world = worldIn();
    const path = await world.make('seed.db');
    await aloneOnTheMachine(this, path);
    const expected = await world.authorise(path, 'delete-run');
    const agreed = await look(path, run);
    const lock = await acquireDrainLock(path, Date.now());
    await rejectsWith('drain-running', deleteAgreed(path, agreed, expected, deps(world)));
    await lock.release();
    await worker(path, run, 'telemetry-p1-string-util');
    await rejectsWith('at-work', deleteAgreed(path, agreed, expected, deps(world)));
    assert.equal((await look(path, run)).goes.length, 3);
  });

  it('follows foreign keys that cascade, and is refused where rows of elsewhere would be left', async function () {
    const world = worldIn();
    const path = await world.make('seed.db');
    await aloneOnTheMachine(this, path);
    await world.seed(path);
    meddle(
      path,
      `CREATE TABLE compared (id INTEGER PRIMARY KEY, one TEXT REFERENCES runs (id) ON DELETE CASCADE,
         other TEXT REFERENCES runs (id) ON DELETE CASCADE)`,
      'CREATE TABLE verdicts (compared INTEGER REFERENCES compared ON DELETE CASCADE)',
      'CREATE TABLE promoted (compared INTEGER REFERENCES compared (id))',
      `INSERT INTO compared VALUES (1, 'another-run', '${run}'), (2, NULL, NULL)`,
      'INSERT INTO verdicts VALUES (1), (1), (2)',
      'INSERT INTO promoted VALUES (1)',
    );
    const held = await rejectsWith('held', look(path, run));
    assert.match(held.message, /1 row of promoted refers to its compared/);
    meddle(path, 'DELETE FROM promoted');
    const agreed = await look(path, run);
    assert.deepEqual(agreed.goes.slice(3), [
      { table: 'compared', rows: 1 },
      { table: 'verdicts', rows: 2 },
    ]);
    await deleteAgreed(path, agreed, await world.authorise(path, 'delete-run'), deps(world));
    assert.deepEqual(all(path, 'SELECT * FROM verdicts'), [{ compared: 2 }]);
  });

  it('is as whole where so many tables refer to runs that SQLite is not asked to enforce it', async function () {
    const world = worldIn();
    const path = await world.make('seed.db');
    await aloneOnTheMachine(this, path);
    await world.seed(path);
    const tables = Array.from(
      { length: 300 },
      (_, n) =>
        `CREATE TABLE t${n} (r TEXT REFERENCES runs (id) ON DELETE ${n % 2 === 0 ? 'CASCADE' : 'SET NULL'})`,
    );
    meddle(
      path,
      ...tables,
      `INSERT INTO t0 VALUES ('${run}'), ('another-run')`,
      `INSERT INTO t1 VALUES ('${run}')`,
    );
    const agreed = await look(path, run);
    assert.deepEqual(deletionText(agreed), [
      'Deletes 1 run, 1 tier, 10 phases, 1 row of t0.',
      'Keeps 1 row of t1, which will no longer refer to the run.',
    ]);
    await deleteAgreed(path, agreed, await world.authorise(path, 'delete-run'), deps(world));
    assert.deepEqual(all(path, 'SELECT r FROM t0 UNION ALL SELECT r FROM t1'), [
      { r: 'another-run' },
      { r: null },
    ]);
    assert.deepEqual(health(path), [[{ integrity_check: 'ok' }], []]);
  });

  it('is refused where a foreign key does not fit its table, and nothing is deleted', async function () {
    const world = worldIn();
    const path = await world.make('seed.db');
    await aloneOnTheMachine(this, path);
    meddle(path, 'CREATE TABLE odd (name TEXT REFERENCES phases (name))');
    const expected = await world.authorise(path, 'delete-run');
    const before = countAll(path);
    const error = await rejectsWith('held', deleteAgreed(path, await look(path, run), expected, deps(world)));
    assert.match(error.message, /foreign key mismatch - "odd" referencing "phases"/);
    assert.deepEqual(countAll(path), before);
  });

  for (const { name, kind, path: source } of databaseSources()) {
    it(`leaves a database as whole as it was, run by run: ${name}`, async function () {
      const world = worldIn();
      const path = world.path(name);
      await copyFile(source, path);
      await adopted(path, kind === 'reference-seed' ? 'seed' : 'legacy');
      await aloneOnTheMachine(this, path);
      const before = health(path);
      const ids = all(path, 'SELECT id FROM runs ORDER BY id LIMIT 6').map(({ id }) => String(id));
      for (const id of ids) {
        const expected = await world.authorise(path, 'delete-run');
        await deleteAgreed(path, await look(path, id), expected, deps(world));
        for (const table of tablesOf(path)) {
          if (all(path, `SELECT 1 FROM pragma_table_info('${table}') WHERE name = 'run_id'`).length === 0)
            continue;
          const left = all(path, `SELECT count(*) AS n FROM ${table} WHERE run_id = '${id}'`);
          assert.deepEqual(left, [{ n: 0 }], `${name}: ${table}`);
        }
      }
      assert.deepEqual(health(path), before, name);
    });
  }
});
