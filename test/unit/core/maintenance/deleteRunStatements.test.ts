import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { hasFewForeignKeys } from '../../../../src/core/db/foreignKeys.ts';
import { CheckedWrites } from '../../../../src/core/db/checkedWrites.ts';
import { TolerantSchema } from '../../../../src/core/db/tolerantSchema.ts';
import type { WriteDatabase } from '../../../../src/core/db/databasePorts.ts';
import { deleteRun, deleteRunOperation, runContent } from '../../../../src/core/maintenance/deleteRun.ts';
import { nativeReadDatabase } from '../../../support/nativeReadDatabase.ts';

const foreignTables = 700;
/** Some systems count processor time in steps of 4 ms. */
const leastMeasured = 4;
/** A statement looks at a hundred tables. */
const mostStatements = 3 * (foreignTables / 100) + 50;

const columns: readonly (readonly [what: string, columns: string, goesToo: boolean])[] = [
  ['have a column run_id', 'run_id TEXT', true],
  ['refer to runs', 'r TEXT REFERENCES runs (id)', true],
  ['lose what they refer to', 'r TEXT REFERENCES phases (phase_id) ON DELETE SET NULL', false],
  ['only mention runs', 'a TEXT /* runs */', false],
];

describe('deleting a run among many foreign tables', function () {
  this.timeout(20_000);
  for (const [what, definition, goesToo] of columns) {
    it(`takes few statements where they ${what}, and deletes from those with its rows`, () => {
      const database = new DatabaseSync(':memory:');
      database.exec(`CREATE TABLE runs (id TEXT PRIMARY KEY, state TEXT);
        CREATE TABLE phases (run_id TEXT, phase_id TEXT UNIQUE, state TEXT); INSERT INTO runs VALUES ('r', 'x'), ('q', 'y');
        INSERT INTO phases VALUES ('r', 'a', 'FAILED'), ('q', 'b', 'FAILED'); BEGIN`);
      for (let n = 0; n < foreignTables; n++) database.exec(`CREATE TABLE t${n} (${definition})`);
      const [mine, others] = goesToo ? ['r', 'q'] : ['a', 'b'];
      for (const n of [0, 99, 100, 101, foreignTables - 1])
        database.exec(`INSERT INTO t${n} VALUES ('${mine}'), ('${others}')`);
      database.exec('COMMIT');
      const statements: string[] = [];
      const reads = nativeReadDatabase(database);
      const db: WriteDatabase = {
        all: (sql, params) => (statements.push(sql), reads.all(sql, params)),
        run: (sql, params = []) => (
          statements.push(sql),
          Number(database.prepare(sql).run(...params).changes)
        ),
      };
      const agreed = runContent({ db, schema: TolerantSchema.read(db) }, 'r');
      assert.equal(agreed.goes.length, goesToo ? 7 : 2);
      const rows = deleteRunOperation.agreedRows?.({ run: agreed });
      const writes = new CheckedWrites(db, '/a.db', false);
      deleteRun(writes, agreed);
      writes.refuseUnagreed(rows);
      assert.ok(statements.length <= mostStatements, `${statements.length} statements`);
      const left = [0, 99, 100, 101, foreignTables - 1].map(
        (n) => database.prepare(`SELECT count(*) AS n FROM t${n}`).get()?.n,
      );
      assert.deepEqual(left, Array(5).fill(goesToo ? 1 : 2));
      assert.equal(database.prepare('SELECT count(*) AS n FROM runs').get()?.n, 1);
    });
  }

  const keyed = (count: number, key: string): DatabaseSync => {
    // As the writer opens a database with so many foreign keys.
    const database = new DatabaseSync(':memory:', { enableForeignKeyConstraints: false });
    database.exec(`CREATE TABLE runs (id TEXT PRIMARY KEY, state TEXT);
      CREATE TABLE phases (run_id TEXT, phase_id TEXT UNIQUE, state TEXT); INSERT INTO runs VALUES ('r', 'x'), ('q', 'y'); BEGIN`);
    for (let n = 0; n < count; n++)
      database.exec(
        `CREATE TABLE t${n} (id INTEGER PRIMARY KEY, r TEXT DEFAULT 'q' REFERENCES runs (id) ${key})`,
      );
    database.exec(
      `INSERT INTO t0 (r) VALUES ('r'), ('q'); INSERT INTO t${count - 1} (r) VALUES ('r'), ('lost'); COMMIT`,
    );
    return database;
  };
  const deletion = (database: DatabaseSync): void => {
    const reads = nativeReadDatabase(database);
    const db: WriteDatabase = {
      all: (sql, params) => reads.all(sql, params),
      run: (sql, params = []) => Number(database.prepare(sql).run(...params).changes),
    };
    const run = runContent({ db, schema: TolerantSchema.read(db) }, 'r');
    const writes = new CheckedWrites(db, '/a.db', false);
    deleteRun(writes, run);
    writes.refuseUnagreed(deleteRunOperation.agreedRows?.({ run }));
  };
  const refersTo = (database: DatabaseSync, table: string): unknown[] =>
    database
      .prepare(`SELECT r FROM ${table} ORDER BY id`)
      .all()
      .map(({ r }) => r);

  for (const [key, first, last] of [
    ['ON DELETE CASCADE', ['q'], ['lost']],
    ['ON DELETE SET NULL', [null, 'q'], [null, 'lost']],
    ['ON DELETE SET DEFAULT', ['q', 'q'], ['q', 'lost']],
  ] as const) {
    it(`does itself what keys that say ${key} ask for, where SQLite does not enforce them`, () => {
      const database = keyed(300, key);
      assert.equal(hasFewForeignKeys(nativeReadDatabase(database)), false);
      deletion(database);
      assert.deepEqual(refersTo(database, 't0'), first);
      assert.deepEqual(refersTo(database, 't299'), last);
      assert.deepEqual(
        database
          .prepare('SELECT id FROM runs')
          .all()
          .map(({ id }) => id),
        ['q'],
      );
    });
  }

  it('is refused where a row would be left that refers to nothing, where SQLite does not enforce keys', () => {
    const database = keyed(300, 'ON DELETE CASCADE');
    database.exec(`CREATE TABLE tree (id INTEGER PRIMARY KEY, above INTEGER REFERENCES tree, run_id TEXT);
      INSERT INTO tree VALUES (1, NULL, 'r'), (2, 1, 'q'), (3, 7, 'r')`);
    assert.throws(() => deletion(database), {
      code: 'unexpected-changes',
      message: 'Nothing was deleted: 1 row of tree would refer to nothing.',
    });
  });

  it('takes no more than proportionally longer among more of them', () => {
    const msOf = (database: DatabaseSync): number => {
      database.exec('BEGIN');
      const begun = process.threadCpuUsage();
      deletion(database);
      const { user, system } = process.threadCpuUsage(begun);
      database.exec('ROLLBACK');
      return (user + system) / 1000;
    };
    const least = (count: number): number => {
      const database = keyed(count, 'ON DELETE CASCADE');
      const all = [msOf(database), msOf(database), msOf(database)];
      database.close();
      return Math.min(...all);
    };
    const [few, many] = [least(500), least(2500)];
    // Five times the tables; as much as SQLite itself takes, it would be 20 times and more.
    assert.ok(many < 12 * Math.max(few, leastMeasured), `${few.toFixed(1)} ms, ${many.toFixed(1)} ms`);
  });
});
