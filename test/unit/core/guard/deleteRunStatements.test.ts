import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { CheckedWrites } from '../../../../src/core/db/checkedWrites.ts';
import { TolerantSchema } from '../../../../src/core/db/tolerantSchema.ts';
import type { WriteDatabase } from '../../../../src/core/db/writeDatabase.ts';
import { deleteRun, deleteRunOperation, runContent } from '../../../../src/core/guard/deleteRun.ts';
import { nativeReadDatabase } from '../../../support/nativeReadDatabase.ts';

const foreignTables = 1500;
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
      const agreed = runContent(db, TolerantSchema.read(db), 'r');
      assert.equal(agreed.goes.length, goesToo ? 7 : 2);
      const rows = deleteRunOperation.agreedRows?.(db, { run: agreed });
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
});
