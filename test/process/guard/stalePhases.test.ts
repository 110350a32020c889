import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { TolerantSchema } from '../../../src/core/db/tolerantSchema.ts';
import { recognisePhaseWorker } from '../../../src/node/identity/phaseWorkers.ts';
import {
  type PhaseWorker,
  type StaleFindings,
  type StaleReport,
  withoutWorkedOn,
} from '../../../src/core/identity/stalePhase.ts';
import { stalePhases } from '../../../src/core/maintenance/markStale.ts';
import { acquireDrainLock } from '../../../src/node/identity/drainLock.ts';
import { failStale, findStale } from '../../../src/node/maintenance/bulkChange.ts';
import { systemClock } from '../../../src/node/system/systemPorts.ts';
import { adopted } from '../../support/adopted.ts';
import { databaseSources } from '../../support/data/dataSources.ts';
import { GuardWorld, meddle, suiteReader } from '../../support/guard/guardWorld.ts';
import { lookAlikeWorker } from '../../support/guard/lookAlikeWorker.ts';
import { nativeReadDatabase } from '../../support/nativeReadDatabase.ts';
import { olderDatabase, olderTime } from '../../support/olderDatabase.ts';
import { skipBecause } from '../../support/skipBecause.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const minute = 60_000;

function staleIn(sql: string, before: number, now = before + 60 * minute): StaleReport {
  const database = new DatabaseSync(':memory:');
  database.exec(sql);
  const db = nativeReadDatabase(database);
  return stalePhases({ db, schema: TolerantSchema.read(db) }, before, now);
}

const phasesTable = 'CREATE TABLE phases (run_id TEXT, phase_id TEXT, state TEXT, updated_at TEXT);';
const insert = (run: string, phase: string, state: string, updated: string | null): string =>
  `INSERT INTO phases VALUES ('${run}', '${phase}', '${state}', ${updated === null ? 'NULL' : `'${updated}'`});`;
const noon = Date.UTC(2026, 0, 1, 12);

describe('stale phases', function () {
  this.timeout(20_000);
  const folder = temporaryFolder();
  const reader = suiteReader();

  it('are those EXECUTING without a change, in any letter case, and those left QUEUED in a begun run', () => {
    const report = staleIn(
      phasesTable +
        insert('a', 'stuck', 'executing', '2026-01-01 11:00:00') +
        insert('a', 'left', 'QUEUED', '2026-01-01 10:00:00') +
        insert('b', 'busy', 'EXECUTING', '2026-01-01T12:30:00Z') +
        insert('b', 'next', 'QUEUED', '2026-01-01 10:00:00') +
        insert('c', 'waits', 'QUEUED', '2020-01-01') +
        insert('d', 'timeless', 'EXECUTING', null),
      noon,
    );
    assert.deepEqual(report, {
      stale: [
        { runId: 'a', phaseId: 'stuck', state: 'EXECUTING', since: noon - 60 * minute },
        { runId: 'd', phaseId: 'timeless', state: 'EXECUTING', since: null },
        { runId: 'a', phaseId: 'left', state: 'QUEUED', since: noon - 60 * minute },
      ],
      workedOn: [],
      waiting: 1,
    });
  });

  it('may have a time in the future, which tells no age', () => {
    const report = staleIn(
      phasesTable.replace('updated_at TEXT', 'updated_at TEXT, started_at TEXT') +
        `INSERT INTO phases VALUES ('a', 'ahead', 'EXECUTING', '2027-01-01 00:00:00', NULL),
          ('a', 'left', 'QUEUED', '2026-01-01 10:00:00', NULL),
          ('b', 'begun long ago', 'EXECUTING', '2027-01-01 00:00:00', '2026-01-01 09:00:00'),
          ('c', 'begun just now', 'EXECUTING', '2027-01-01 00:00:00', '2026-01-01 12:59:00'),
          ('d', 'on a clock that is fast', 'EXECUTING', '2026-01-01 13:04:00', NULL);`,
      noon,
    );
    assert.deepEqual(
      report.stale.map(({ phaseId, since }) => [phaseId, since]),
      [
        ['ahead', null],
        ['begun long ago', noon - 180 * minute],
        ['left', noon - 120 * minute],
      ],
    );
  });

  it('are none without a phases table, and none in a freshly seeded run however old', () => {
    assert.deepEqual(staleIn('CREATE TABLE notes (text)', noon).stale, []);
    const report = staleIn(phasesTable + insert('seeded', 'p1', 'QUEUED', '2020-01-01'), noon);
    assert.deepEqual([report.stale, report.waiting], [[], 1]);
  });

  for (const source of databaseSources('backlog')) {
    it(`are counted in a large backlog as SQLite counts them (${source.name})`, () => {
      const database = new DatabaseSync(source.path, { readOnly: true });
      const db = nativeReadDatabase(database);
      const report = stalePhases({ db, schema: TolerantSchema.read(db) }, Date.now());
      const count = (sql: string): unknown => database.prepare(sql).get()?.n;
      const begun = `run_id IN (SELECT run_id FROM phases WHERE upper(state) <> 'QUEUED'
      UNION SELECT id FROM runs WHERE state IN ('PHASE_EXECUTION', 'GATE', 'CI_RUNNING', 'SNAPSHOT_CREATED'))`;
      const queued = `SELECT count(*) AS n FROM phases WHERE upper(state) = 'QUEUED'`;
      const leftOver = report.stale.filter(({ state }) => state === 'QUEUED').length;
      assert.equal(leftOver, count(`${queued} AND ${begun}`));
      assert.equal(report.waiting + leftOver, count(queued));
      assert.ok(leftOver > 0);
    });
  }

  it('are not stale while a program works on them', () => {
    const phase = { runId: 'r', phaseId: 'p', state: 'EXECUTING', since: 0 } as const;
    const found = { stale: [phase, { ...phase, runId: 'other' }], workedOn: [], waiting: 0 };
    const worker = { pid: 1, command: '', runId: 'r', phaseId: 'p', database: null };
    const staleRuns = (...workers: PhaseWorker[]): string[] =>
      withoutWorkedOn(found, workers).stale.map(({ runId }) => runId);
    assert.deepEqual(staleRuns(), ['r', 'other']);
    assert.deepEqual(staleRuns(worker), ['other']);
    assert.deepEqual(staleRuns({ ...worker, runId: null, phaseId: null }), []);
  });

  it('know a worker by its command line, and an editor or a search from a worker', () => {
    const known = (line: string) => recognisePhaseWorker(7, line);
    assert.deepEqual(
      known('/usr/bin/python3.12 scripts/drain_one_phase.py --run-id R1 --phase-id=P1 --force'),
      {
        pid: 7,
        command: '/usr/bin/python3.12 scripts/drain_one_phase.py --run-id R1 --phase-id=P1 --force',
        runId: 'R1',
        phaseId: 'P1',
        database: null,
      },
    );
    assert.equal(
      known('"C:\\Program Files\\Python\\python.exe" drain_one_phase.py --run-id "a b"')?.runId,
      'a b',
    );
    assert.equal(known('python -m autopack.autonomous_executor --run-id R2')?.runId, 'R2');
    assert.notEqual(known('node dist/cli.js drain --database seed.db'), null);
    assert.equal(known('node dist/cli.js drain --help'), null);
    assert.equal(known('node dist/cli.js drain --database seed.db --dry-run'), null);
    assert.equal(known('node /opt/dist/cli.js drain --database x.db')?.database, 'x.db');
    assert.equal(known('/usr/local/bin/autopack-hygiene drain --database x.db')?.database, 'x.db');
    for (const line of [
      'uv run --frozen python -X utf8 scripts/drain_one_phase.py --run-id R',
      'node --import ./hook.js examples/executor/drainOnePhase.mjs --run-id R',
      'python3 -u /Users/me/My Project/scripts/batch_drain_controller.py --run-id R',
    ]) {
      assert.equal(known(line)?.runId, 'R', line);
    }
    // The desktop editor is the Node of its extensions; `ps` puts no quotes around a path with spaces.
    const editor = '/Applications/Code Editor.app/Contents/Frameworks/Code Helper (Plugin)';
    assert.equal(known(`${editor} /x/dist/drainOnePhase.mjs --run-id R3 --phase-id P3 --force`)?.runId, 'R3');
    assert.equal(known('/my tools/bin/python3 scripts/drain_one_phase.py --run-id R4')?.runId, 'R4');
    for (const other of [
      'vim scripts/drain_one_phase.py',
      'code /x/dist/drainOnePhase.mjs',
      'grep -r drain_one_phase.py .',
      'node server.js',
      'node runTests.ts examples/executor/drainOnePhase.mjs',
      'node dist/cli.js identity --database drain',
      '',
    ]) {
      assert.equal(known(other), null, other);
    }
  });

  describe('with real programs', () => {
    const work = lookAlikeWorker(folder);

    /** Stale phases, or skips the test where a program that is none of the test's may be at work on any database. */
    async function look(
      context: Mocha.Context,
      path: string,
      before: number,
      own?: number,
    ): Promise<StaleFindings> {
      const found = await findStale(reader(), path, before);
      const stranger = found.workers?.find(({ pid, runId }) => runId === null && pid !== own);
      return stranger === undefined
        ? found
        : skipBecause(context, `${stranger.command} runs beside the tests`);
    }

    it('are left to a program that is at work on them, on this database', async function () {
      const [path, other] = [join(folder(), 'backlog.db'), join(folder(), 'other.db')];
      await olderDatabase(path);
      await olderDatabase(other);
      const child = await work(path, 'begun', 'stuck');
      const found = await look(this, path, Date.now());
      assert.deepEqual(
        found.workedOn.map(({ phaseId }) => phaseId),
        ['stuck'],
      );
      assert.deepEqual(
        found.stale.map(({ phaseId }) => phaseId),
        ['left'],
      );
      assert.equal(
        found.workers?.some(({ pid }) => pid === child.pid),
        true,
      );
      if (process.platform !== 'linux') return;
      const elsewhere = await look(this, other, Date.now());
      assert.deepEqual(
        elsewhere.stale.map(({ phaseId }) => phaseId),
        ['stuck', 'left'],
      );
    });

    it('are left to a drain that holds the lock of the database, from whatever folder', async function () {
      const path = join(folder(), 'backlog.db');
      await olderDatabase(path);
      const lock = await acquireDrainLock(path, Date.now());
      const during = await look(this, path, Date.now(), process.pid);
      await lock.release();
      assert.deepEqual([during.stale.length, during.workedOn.length], [0, 2]);
      assert.match(during.workers?.[0]?.command ?? '', /^a drain of this database on .* since \d{4}-/);
      assert.equal((await look(this, path, Date.now())).stale.length, 2);
    });

    it('are marked FAILED with a reason, after a backup; what changed since is left alone', async function () {
      const world = new GuardWorld(folder(), reader());
      const path = world.path('backlog.db');
      await olderDatabase(path);
      const expected = await adopted(path, 'legacy');
      const found = await look(this, path, olderTime + minute);
      assert.equal(found.stale.length, 2);
      meddle(path, `UPDATE phases SET state = 'COMPLETE' WHERE phase_id = 'left'`);
      const deps = { writer: world.writer, clock: systemClock, workspaceFolder: folder() };
      const { marked, backup } = await failStale(path, found, expected, deps);
      assert.equal(marked, 1);
      assert.match(backup?.path ?? '', /-mark-stale\.db$/);
      const database = new DatabaseSync(path, { readOnly: true });
      const rows = database
        .prepare('SELECT phase_id, state, last_failure_reason AS reason FROM phases')
        .all();
      database.close();
      assert.deepEqual(
        rows.map(({ phase_id: id, state }) => `${String(id)} ${String(state)}`),
        ['done COMPLETE', 'stuck FAILED', 'left COMPLETE', 'waits QUEUED'],
      );
      assert.match(
        String(rows[1]?.reason),
        /^STALE: EXECUTING without a change since 2025-12-24T10:00:00\.000Z/,
      );
    });
  });
});
