import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { parseChangeset, type TableChanges } from '../../../../src/node/postgres/changeset.ts';

function changesOf(schema: string, before: string, change: (db: DatabaseSync) => void): TableChanges[] {
  const db = new DatabaseSync(':memory:');
  try {
    db.exec(schema);
    db.exec(before);
    const session = db.createSession();
    change(db);
    return parseChangeset(session.changeset());
  } finally {
    db.close();
  }
}

const schema = 'CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b REAL, c BLOB)';

describe('parseChangeset', () => {
  it('reads what was inserted, updated and deleted, with the values before and after', () => {
    const [table, ...others] = changesOf(
      schema,
      `INSERT INTO t VALUES (1, 'one', 1.5, x'00ff'), (2, 'two', NULL, NULL)`,
      (db) => {
        db.exec(
          `UPDATE t SET a = 'é' WHERE id = 1; DELETE FROM t WHERE id = 2; INSERT INTO t VALUES (7, NULL, 2, x'')`,
        );
      },
    );
    assert.deepEqual(others, []);
    assert.equal(table?.table, 't');
    assert.deepEqual(table.primaryKey, [1, 0, 0, 0]);
    const byKind = new Map(table.rows.map((row) => [row.kind, row]));
    assert.deepEqual(byKind.get('update'), {
      kind: 'update',
      isIndirect: false,
      old: [1, 'one', undefined, undefined],
      new: [undefined, 'é', undefined, undefined],
    });
    assert.deepEqual(byKind.get('delete')?.old, [2, 'two', null, null]);
    assert.deepEqual(byKind.get('delete')?.new, []);
    assert.deepEqual(byKind.get('insert')?.new, [7, null, 2, new Uint8Array()]);
  });

  it('tells what foreign keys changed from what statements changed', () => {
    const tables = changesOf(
      `PRAGMA foreign_keys = ON; CREATE TABLE p (id TEXT PRIMARY KEY);
       CREATE TABLE c (id INTEGER PRIMARY KEY, p TEXT REFERENCES p (id) ON DELETE CASCADE)`,
      `INSERT INTO p VALUES ('x'); INSERT INTO c VALUES (1, 'x')`,
      (db) => db.exec('DELETE FROM p'),
    );
    const indirect = Object.fromEntries(
      tables.map(({ table, rows }) => [table, rows.map((row) => row.isIndirect)]),
    );
    assert.deepEqual(indirect, { p: [false], c: [true] });
  });

  it('keeps integers exact and reads keys of several columns', () => {
    const [table] = changesOf('CREATE TABLE k (a TEXT, b INTEGER, v, PRIMARY KEY (b, a))', '', (db) => {
      db.prepare('INSERT INTO k VALUES (?, ?, ?)').run('x', 9_007_199_254_740_993n, -1n);
    });
    assert.deepEqual(table?.primaryKey, [2, 1, 0]);
    assert.deepEqual(table.rows[0]?.new, ['x', 9_007_199_254_740_993n, -1]);
  });

  it('reads a table that was made meanwhile, and nothing of no change', () => {
    const [table] = changesOf('SELECT 1', '', (db) => db.exec(`${schema}; INSERT INTO t (id) VALUES (5)`));
    assert.equal(table?.table, 't');
    assert.deepEqual(
      changesOf(schema, '', () => undefined),
      [],
    );
  });

  it('reads back any values', () => {
    const value = fc.oneof(
      fc.constant(null),
      fc.string({ unit: 'binary', maxLength: 300 }).filter((text) => !text.includes('\0')),
      // SQLite has no negative zero.
      fc.double({ noNaN: true }).map((each) => (each === 0 ? 0 : each)),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.uint8Array({ maxLength: 300 }),
    );
    const plain = (each: unknown): unknown =>
      typeof each === 'bigint' && Number.isSafeInteger(Number(each)) ? Number(each) : each;
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 20 }), (values) => {
        const [table] = changesOf('CREATE TABLE v (id INTEGER PRIMARY KEY, v)', '', (db) => {
          const insert = db.prepare('INSERT INTO v (v) VALUES (?)');
          for (const each of values) insert.run(each);
        });
        const found = new Map(table?.rows.map((row) => [row.new[0], row.new[1]]));
        assert.deepEqual(
          values.map((_, index) => found.get(index + 1)),
          values.map((each) => (Object.is(each, -0) ? found.get(values.indexOf(each) + 1) : plain(each))),
        );
      }),
      { numRuns: 40 },
    );
  });

  it('throws on any cut-off or made-up bytes instead of reading on', () => {
    const db = new DatabaseSync(':memory:');
    db.exec(schema);
    const session = db.createSession();
    db.exec(`INSERT INTO t VALUES (1, 'one', 1.5, x'00ff'), (2, 'two', NULL, NULL)`);
    const whole = session.changeset();
    const starts = new Set<number>();
    for (let length = 1; length < whole.length; length++) {
      try {
        parseChangeset(whole.subarray(0, length));
        starts.add(length);
      } catch (error) {
        assert.match(String(error), /no changeset/);
      }
    }
    // Only where one change ends and the next begins.
    assert.equal(starts.size, 2);
    db.close();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          parseChangeset(bytes);
        } catch (error) {
          assert.match(String(error), /no changeset/);
        }
      }),
    );
  });
});
