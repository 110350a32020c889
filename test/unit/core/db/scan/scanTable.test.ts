import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import type { SqlValue } from '../../../../../src/core/db/databasePorts.ts';
import { UserFacingError } from '../../../../../src/core/errors.ts';
import { scanTable } from '../../../../../src/core/db/scan/scanTable.ts';
import { tableLayout, type ScanColumn } from '../../../../../src/core/db/scan/tableLayout.ts';
import type { QueryContext } from '../../../../../src/core/db/scan/queryContext.ts';
import { databaseSources } from '../../../../support/data/dataSources.ts';
import { openSnapshots } from '../../../../support/openSnapshots.ts';
import { temporaryFolder } from '../../../../support/temporaryFolder.ts';
import { anyCharacter } from '../../../../support/anyCharacter.ts';

const names = ['a', 'b', 'c', 'missing'];

/** What a scan gives for every row, each value in words. */
function scanned(context: QueryContext, table = 'tiers', columnNames: readonly string[] = names): string[][] {
  const words: string[] = [];
  const decode = (value: SqlValue): number =>
    words.push(value instanceof Uint8Array ? `blob ${value.join()}` : `${typeof value} ${String(value)}`) - 1;
  const columns: ScanColumn[] = columnNames.map((name, at) => ({ name, repeats: at % 2 === 0, decode }));
  const rows: string[][] = [];
  scanTable(context, table, columns, (values) => rows.push([...values].map((at) => words[at] ?? 'none')));
  return rows;
}

/** Both ways of reading a database made by these statements: through its pages, and through SQLite. */
async function bothWays(path: string, fill: (database: DatabaseSync) => void) {
  const database = new DatabaseSync(path);
  fill(database);
  const reader = await openSnapshots(path);
  try {
    const { value } = await reader.read({
      key: 'both',
      run: (context) => {
        const { db, schema, warnings, file } = context;
        const withoutPages = { db, schema, warnings, file };
        const layout = tableLayout(
          context.db,
          'tiers',
          names.map((name) => ({ name })),
        );
        return { byPages: scanned(context), byRows: scanned(withoutPages), readsPages: layout !== null };
      },
    });
    return value;
  } finally {
    reader.close();
    database.close();
  }
}

describe('column scan', () => {
  const folder = temporaryFolder();
  let made = 0;
  const nextPath = () => join(folder(), `${++made}.db`);

  it('reads from the pages what SQLite reads, for any rows, page sizes and journal modes', async function () {
    this.timeout(60_000);
    const value = fc.oneof(
      fc.constant(null),
      fc.maxSafeInteger(),
      fc.integer({ min: -300, max: 70_000 }),
      fc.constantFrom(0, 1, 127, 128, -129, 32_768, -8_388_608, 2 ** 31, 2 ** 47, -(2 ** 47) - 1),
      fc.double({ noNaN: true }),
      fc.string({ unit: anyCharacter }),
      fc.integer({ min: 100, max: 9000 }).map((length) => 'long text '.repeat(length / 10)),
      fc.uint8Array({ maxLength: 2000 }),
    );
    const rows = fc.array(fc.tuple(value, value, value), { maxLength: 60 });
    const pageSize = fc.constantFrom(512, 1024, 4096, 65_536);
    await fc.assert(
      fc.asyncProperty(rows, pageSize, fc.boolean(), fc.nat(7), async (list, size, wal, gap) => {
        const { byPages, byRows, readsPages } = await bothWays(nextPath(), (database) => {
          database.exec(`PRAGMA page_size = ${size}; PRAGMA journal_mode = ${wal ? 'wal' : 'delete'};
            PRAGMA synchronous = OFF; CREATE TABLE tiers (id INTEGER PRIMARY KEY, a, b, filler, c);`);
          const insert = database.prepare("INSERT INTO tiers (a, b, filler, c) VALUES (?, ?, 'between', ?)");
          for (const row of list) insert.run(...row);
          database.exec(`DELETE FROM tiers WHERE id % 8 = ${gap}`);
        });
        assert.equal(readsPages, true);
        assert.deepEqual(byPages, byRows);
      }),
      { numRuns: 60 },
    );
  });

  it('knows the columns that were added after rows were written, with their defaults', async () => {
    const { byPages, byRows } = await bothWays(nextPath(), (database) => {
      database.exec(`CREATE TABLE tiers (a); INSERT INTO tiers VALUES ('old');
        ALTER TABLE tiers ADD COLUMN b TEXT DEFAULT 'none yet'; ALTER TABLE tiers ADD COLUMN c INTEGER;
        INSERT INTO tiers VALUES ('new', 'own', 3);`);
    });
    assert.deepEqual(byPages, [
      ['string old', 'string none yet', 'object null', 'object null'],
      ['string new', 'string own', 'number 3', 'object null'],
    ]);
    assert.deepEqual(byRows, byPages);
  });

  it('walks a deep tree, in the order of the row ids', async () => {
    const { byPages } = await bothWays(nextPath(), (database) => {
      database.exec(`PRAGMA page_size = 512; CREATE TABLE tiers (a, b);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
        INSERT INTO tiers (rowid, a, b) SELECT 20001 - i, 20001 - i, 'some text that takes room' FROM n;`);
    });
    assert.deepEqual(
      byPages.map(([a]) => a),
      Array.from({ length: 20_000 }, (_, index) => `number ${index + 1}`),
    );
  });

  it('ends with rows or with "damaged" on a damaged file, never otherwise', async function () {
    this.timeout(60_000);
    const path = nextPath();
    const database = new DatabaseSync(path);
    database.exec(`PRAGMA page_size = 512; CREATE TABLE tiers (a, b, c);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
      INSERT INTO tiers SELECT i, 'text', CASE i % 9 WHEN 0 THEN zeroblob(3000) ELSE 1.5 END FROM n;`);
    database.close();
    const whole = await readFile(path);
    const damage = fc.array(fc.tuple(fc.integer({ min: 512, max: whole.length - 1 }), fc.nat(255)), {
      minLength: 1,
    });
    let damaged = 0;
    await fc.assert(
      fc.asyncProperty(damage, async (changes) => {
        const bytes = Uint8Array.from(whole);
        // What stands at the beginning of a page does the most harm.
        for (const [at, byte] of changes) bytes[byte % 2 === 0 ? at - (at % 512) + (at % 16) : at] = byte;
        await writeFile(path, bytes);
        const reader = await openSnapshots(path);
        try {
          await reader.read({ key: 'damaged', run: (context) => scanned(context).length });
        } catch (error) {
          damaged += 1;
          assert.ok(error instanceof UserFacingError && error.code === 'corrupt', String(error));
        } finally {
          reader.close();
        }
      }),
      { numRuns: 80 },
    );
    assert.ok(damaged > 0);
  });

  const tables = [
    ['oldest-backlog', 'phases'],
    ['backlog', 'phases'],
    ['backlog', 'llm_usage_events'],
    ['backlog', 'token_estimation_v2_events'],
    ['reference-seed', 'phases'],
  ] as const;
  const cases = tables.flatMap(([kind, table]) =>
    databaseSources(kind).map(({ name, path }) => ({ name, path, table })),
  );
  for (const { name, path, table } of cases) {
    it(`reads every column of a whole table as SQLite does (${name}, ${table})`, async () => {
      const reader = await openSnapshots(path);
      const { value } = await reader.read({
        key: 'whole',
        run: (context) => {
          const { db, schema, warnings, file: facts } = context;
          const all = db
            .all('SELECT lower(name) AS name FROM pragma_table_info(?) WHERE pk = 0', [table])
            .map(({ name }) => String(name));
          const byRows = scanned({ db, schema, warnings, file: facts }, table, all);
          return { byPages: scanned(context, table, all), byRows };
        },
      });
      reader.close();
      assert.ok(value.byRows.length > 0);
      assert.deepEqual(value.byPages, value.byRows);
    });
  }

  const unusual = {
    'tables without row ids': 'CREATE TABLE tiers (a TEXT PRIMARY KEY, b, c) WITHOUT ROWID',
    'columns that are the row id': 'CREATE TABLE tiers (a INTEGER PRIMARY KEY, b, c)',
    'generated columns': 'CREATE TABLE tiers (a, b, c, d AS (a || b))',
    'text that is not UTF-8': "PRAGMA encoding = 'UTF-16le'; CREATE TABLE tiers (a, b, c)",
  };
  for (const [what, sql] of Object.entries(unusual)) {
    it(`leaves ${what} to SQLite`, async () => {
      const { byPages, byRows, readsPages } = await bothWays(nextPath(), (database) => {
        database.exec(`${sql}; INSERT INTO tiers (a, b, c) VALUES (1, 'é', x'00ff');`);
      });
      assert.equal(readsPages, false);
      assert.deepEqual(byPages, byRows);
      assert.equal(byRows.length, 1);
    });
  }
});
