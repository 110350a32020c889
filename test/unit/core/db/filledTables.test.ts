import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { filledTables } from '../../../../src/core/db/filledTables.ts';
import type { ReadDatabase, Row, SqlValue } from '../../../../src/core/db/databasePorts.ts';

/** Tables of every shape, the filled ones by name, among so many that none is asked by itself. */
const tables = `
  CREATE TABLE Filled (run_id TEXT); INSERT INTO Filled VALUES ('r');
  CREATE TABLE emptied (run_id TEXT, filler TEXT);
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50)
    INSERT INTO emptied SELECT i, hex(randomblob(400)) FROM n;
  CREATE TABLE deep (run_id TEXT, filler TEXT); INSERT INTO deep SELECT * FROM emptied;
  DELETE FROM emptied;
  CREATE TABLE keyed (run_id TEXT PRIMARY KEY) WITHOUT ROWID; INSERT INTO keyed VALUES ('r');
  CREATE TABLE keyed_empty (run_id TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE "odd ""name'" (run_id TEXT); INSERT INTO "odd ""name'" VALUES ('r');
  CREATE TABLE other (id INTEGER); INSERT INTO other VALUES (1);`;

describe('Tables that have a row', () => {
  let database: DatabaseSync;
  let asked: string[];
  let db: Pick<ReadDatabase, 'all'>;

  beforeEach(() => {
    asked = [];
    database = new DatabaseSync(':memory:');
    db = {
      all(sql: string, params: readonly SqlValue[] = []): Row[] {
        asked.push(sql);
        return database.prepare(sql).all(...params) as Row[];
      },
    };
    database.exec(tables);
  });

  afterEach(() => database.close());

  function addTables(count: number): void {
    for (let n = 0; n < count; n++) database.exec(`CREATE TABLE t${n} (run_id TEXT)`);
  }
  const found = ['filled', 'deep', 'keyed', `odd "name'`];

  for (const count of [0, 600]) {
    it(`are found among ${count} empty ones`, () => {
      addTables(count);
      assert.deepEqual(filledTables(db, ['run_id']), found);
    });
  }

  it('are not asked one by one where SQLite tells of all which are empty', () => {
    addTables(600);
    filledTables(db, ['run_id']);
    assert.equal(asked.filter((sql) => sql.includes('"t599"')).length, 0);
  });

  it('are asked one by one where reading every page would take longer', () => {
    addTables(600);
    database.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
      INSERT INTO other SELECT zeroblob(4000) FROM n`);
    assert.deepEqual(filledTables(db, ['run_id']), found);
    assert.equal(asked.filter((sql) => sql.includes('"t599"')).length, 1);
  });

  it('are asked one by one where this SQLite keeps no such statistics', () => {
    addTables(600);
    const bare: Pick<ReadDatabase, 'all'> = {
      all: (sql, params) => (sql.includes('pragma_module_list') ? [] : db.all(sql, params)),
    };
    assert.deepEqual(filledTables(bare, ['run_id']), found);
    assert.ok(asked.every((sql) => !sql.includes('FROM dbstat')));
  });

  it('count a table with a damaged page, of which SQLite is left to say what there is to say', () => {
    addTables(600);
    const [{ root = 0 } = {}] = db.all(`SELECT rootpage AS root FROM sqlite_master WHERE name = 't7'`);
    const image = database.serialize();
    // A kind of page that there is not.
    image[(Number(root) - 1) * 4096] = 0xff;
    database.close();
    database = new DatabaseSync(':memory:');
    database.deserialize(image);
    assert.throws(() => filledTables(db, ['run_id']), /malformed/);
  });
});
