import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DecodeWarnings } from '../../../../src/core/db/columnReader.ts';
import { TolerantSchema } from '../../../../src/core/db/tolerantSchema.ts';
import type { UserFacingError } from '../../../../src/core/errors.ts';
import { normaliseState } from '../../../../src/core/model/state.ts';
import { phaseByKey } from '../../../../src/core/queries/phases.ts';
import type { QueryContext } from '../../../../src/core/db/scan/queryContext.ts';
import { listRuns, runDetail } from '../../../../src/core/queries/runs.ts';
import { databaseSources } from '../../../support/data/dataSources.ts';
import { nativeReadDatabase } from '../../../support/nativeReadDatabase.ts';
import { openSnapshots } from '../../../support/openSnapshots.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

describe('Runs and their phases', () => {
  for (const { name, path } of databaseSources()) {
    it(`are those that SQLite finds in ${name}`, async () => {
      const native = new DatabaseSync(path, { readOnly: true });
      const reader = await openSnapshots(path);
      const runs = (await reader.read({ key: 'runs', run: listRuns })).value;
      const ids = native
        .prepare(`SELECT id FROM runs ORDER BY strftime('%Y-%m-%d %H:%M:%f', created_at) DESC, id`)
        .all();
      assert.deepEqual(
        runs.map(({ id }) => id),
        ids.map(({ id }) => id),
      );
      for (const { id, state, phaseStates, phaseCount } of runs) {
        const stored = native.prepare('SELECT state FROM runs WHERE id = ?').get(id)?.state;
        assert.equal(state, normaliseState(String(stored)));
        const expected = native
          .prepare('SELECT upper(state) AS state, count(*) AS n FROM phases WHERE run_id = ? GROUP BY 1')
          .all(id);
        assert.deepEqual(
          Object.entries(phaseStates).sort(),
          expected.map((row) => [row.state, row.n]).sort(),
        );
        const { value: detail } = await reader.read({
          key: id,
          run: (context) => runDetail(context, { runId: id }),
        });
        assert.equal(detail.phases.length, phaseCount);
        const order =
          native.prepare(`SELECT p.id FROM phases p LEFT JOIN tiers t ON t.id = p.tier_id AND t.run_id = p.run_id
          WHERE p.run_id = ? ORDER BY t.tier_index IS NULL, t.tier_index, p.phase_index, p.id`);
        assert.deepEqual(
          detail.phases.map(({ rowId }) => rowId),
          order.all(id).map((row) => row.id),
        );
        assert.deepEqual(
          detail.run,
          runs.find((run) => run.id === id),
        );
      }
      reader.close();
      native.close();
    });
  }

  it('are listed newest first, whatever the time looks like, those without one last', () => {
    const context = contextOf(`CREATE TABLE runs (id TEXT, created_at);
      INSERT INTO runs VALUES ('none', NULL), ('second', '2025-01-02T00:00:00Z'), ('first', '2025-01-01 23:59:59.5'),
        ('third', 1735862400), ('odd', 'yesterday'), ('also second', '2025-01-02 00:00:00')`);
    assert.deepEqual(
      listRuns(context).map(({ id }) => id),
      ['third', 'also second', 'second', 'first', 'none', 'odd'],
    );
    assert.deepEqual(context.warnings.list(), [{ what: 'runs.created_at is not a timestamp', count: 1 }]);
  });

  it('are listed without the columns and tables that older files lack', () => {
    const [run] = listRuns(
      contextOf(`CREATE TABLE Runs (ID TEXT, State TEXT); INSERT INTO Runs VALUES ('a', 'queued')`),
    );
    assert.deepEqual(
      [run?.id, run?.state, run?.tokenCap, run?.phaseStates, run?.phaseCount],
      ['a', 'QUEUED', null, {}, 0],
    );
  });

  it('count states in lower and upper case as one, keep unknown ones, and lose no phase', () => {
    const context = contextOf(`${runsAndPhases}
      INSERT INTO runs VALUES ('a', 'QUEUED');
      INSERT INTO phases VALUES (1, 'a', 'p1', 9, 1, 'queued'), (2, 'a', 'p2', 9, 0, ' QUEUED '), (3, 'a', 'p3', 9, 2, 'Strange'),
        (4, 'a', 'p4', 9, 3, NULL), (5, 'lost', 'p1', 1, 1, 'FAILED'), (6, NULL, 'p1', 1, 1, 'FAILED')`);
    const runs = listRuns(context);
    assert.deepEqual(
      runs.map(({ id, state, phaseStates }) => [id, state, phaseStates]),
      [
        ['', 'UNKNOWN', { FAILED: 1 }],
        ['a', 'QUEUED', { QUEUED: 2, STRANGE: 1, UNKNOWN: 1 }],
        ['lost', 'UNKNOWN', { FAILED: 1 }],
      ],
    );
    assert.equal(runDetail(context, { runId: 'lost' }).phases.length, 1);
  });

  describe('are counted in the pages of an index as SQLite counts them', () => {
    const folder = temporaryFolder();
    const rows = `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 5999)
      INSERT INTO phases SELECT i, nullif('run ' || (i * 7919 % 700), 'run 13'), 'p' || i, 1, i, CASE i % 3 WHEN 0 THEN 'queued' WHEN 1 THEN 'FAILED' END FROM n;
      INSERT INTO runs SELECT DISTINCT run_id, 'x' FROM phases WHERE id % 2;
      INSERT INTO runs VALUES ('漢字', 'x'), ('😀', 'x');
      INSERT INTO phases (run_id, phase_id, state) VALUES ('漢字', 'p', 'x'), ('😀', 'p', ''), (x'00ff', 'p', x'41'),
        (printf('%.*c', 3000, 'long'), 'p', 'x'), (printf('%.*c', 200, 'y'), 'p', printf('%.*c', 9000, 'z'))`;

    for (const encoding of ['UTF-8', 'UTF-16le']) {
      for (const pageSize of [512, 4096, 65_536]) {
        it(`${encoding}, pages of ${pageSize} bytes`, async () => {
          const path = join(folder(), 'a.db');
          const database = new DatabaseSync(path);
          database.exec(`PRAGMA encoding = '${encoding}'; PRAGMA page_size = ${pageSize}; BEGIN; ${runsAndPhases}
            CREATE INDEX by_state ON phases (run_id, state); ${rows}; COMMIT`);
          const expected = listRuns(contextOver(database));
          const reader = await openSnapshots(path);
          const ask = async () => (await reader.read({ key: 'runs', run: listRuns })).value;
          assert.deepEqual(await ask(), expected);
          assert.equal(
            expected.reduce((sum, { phaseCount }) => sum + phaseCount, 0),
            6005,
          );
          database.exec(
            `UPDATE phases SET state = 'COMPLETE' WHERE id = 3000; DELETE FROM phases WHERE id % 5 = 0`,
          );
          assert.deepEqual(await ask(), listRuns(contextOver(database)));
          reader.close();
          database.close();
        });
      }
    }
  });

  it('come in tier and phase order; phases of no tier come last', () => {
    const context = contextOf(`${runsAndPhases}
      CREATE TABLE tiers (id INTEGER PRIMARY KEY, run_id TEXT, tier_id TEXT, tier_index INTEGER, name TEXT, state TEXT);
      INSERT INTO runs VALUES ('a', 'x');
      INSERT INTO tiers VALUES (1, 'a', 'T2', 1, 'Second', 'PENDING'), (2, 'a', 'T1', 0, NULL, 'complete'), (3, 'b', 'T1', 0, 'Other', 'x');
      INSERT INTO phases VALUES (1, 'a', 'late', 1, 5, 'x'), (2, 'a', 'early', 2, 7, 'x'), (3, 'a', 'tierless', 3, 0, 'x'), (4, 'a', 'soon', 1, 2, 'x')`);
    const { tiers, phases } = runDetail(context, { runId: 'a' });
    assert.deepEqual(
      tiers.map(({ tierId, name, state }) => [tierId, name, state]),
      [
        ['T1', 'T1', 'COMPLETE'],
        ['T2', 'Second', 'PENDING'],
      ],
    );
    assert.deepEqual(
      phases.map(({ phaseId }) => phaseId),
      ['early', 'soon', 'late', 'tierless'],
    );
  });

  it('are read from tables without row ids', () => {
    const context = contextOf(`CREATE TABLE runs (id TEXT PRIMARY KEY, state TEXT) WITHOUT ROWID;
      CREATE TABLE phases (run_id TEXT, phase_id TEXT, state TEXT, PRIMARY KEY (run_id, phase_id)) WITHOUT ROWID;
      INSERT INTO runs VALUES ('a', 'x'); INSERT INTO phases VALUES ('a', 'p2', 'FAILED'), ('a', 'p1', 'FAILED')`);
    assert.deepEqual(listRuns(context)[0]?.phaseStates, { FAILED: 2 });
    assert.equal(runDetail(context, { runId: 'a' }).phases.length, 2);
  });

  it('say which run or phase there is not', () => {
    const context = contextOf(runsAndPhases);
    const code = (expected: string) => (error: UserFacingError) => error.code === expected;
    assert.throws(() => runDetail(context, { runId: 'a' }), code('unknown-run'));
    assert.throws(() => phaseByKey(context, { runId: 'a', phaseId: 'p' }), code('unknown-phase'));
  });
});

const runsAndPhases = `CREATE TABLE runs (id TEXT, state TEXT);
  CREATE TABLE phases (id INTEGER PRIMARY KEY, run_id TEXT, phase_id TEXT, tier_id INTEGER, phase_index INTEGER, state TEXT);`;

function contextOf(sql: string): QueryContext {
  const database = new DatabaseSync(':memory:');
  database.exec(sql);
  return contextOver(database);
}

function contextOver(database: DatabaseSync): QueryContext {
  const db = nativeReadDatabase(database);
  const file = { path: '/a.db', sizeBytes: 0, modifiedAt: 0, journalMode: 'delete', fileId: '' } as const;
  return { db, schema: TolerantSchema.read(db), file, warnings: new DecodeWarnings() };
}
