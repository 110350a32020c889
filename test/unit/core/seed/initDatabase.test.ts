import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { TolerantSchema } from '../../../../src/core/db/tolerantSchema.ts';
import { readIdentity } from '../../../../src/core/identity/identityTable.ts';
import { initDatabase } from '../../../../src/core/seed/seedDatabase.ts';
import { autopackExpectation } from '../../../../src/core/db/schema/autopackSchema.ts';
import { DatabaseWriter } from '../../../../src/node/writer/databaseWriter.ts';
import { databaseSources } from '../../../support/data/dataSources.ts';
import { nativeReadDatabase } from '../../../support/nativeReadDatabase.ts';
import { rejectsWith } from '../../../support/rejectsWith.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

describe('initDatabase', () => {
  const folder = temporaryFolder();
  const writer = new DatabaseWriter();
  const createdAt = Date.UTC(2026, 10, 23, 9, 24, 33, 414);

  async function init(): Promise<string> {
    const path = join(folder(), 'seed.db');
    await initDatabase(writer, path, { id: randomUUID(), role: 'seed', createdAt });
    return path;
  }

  function open(path: string): DatabaseSync {
    return new DatabaseSync(path, { readOnly: true });
  }

  const pragmas = ['table_xinfo', 'index_list', 'foreign_key_list'] as const;

  const cases = databaseSources('reference-seed').flatMap(({ name, path }) =>
    [...autopackExpectation.keys()].map((table) => ({ name, path, table })),
  );
  for (const { name, path, table } of cases) {
    it(`makes ${table} as Autopack does (${name})`, async () => {
      const reference = open(path);
      const made = open(await init());
      const sqlOf = (database: DatabaseSync) =>
        database
          .prepare('SELECT type, name, sql FROM sqlite_master WHERE tbl_name = ? ORDER BY type, name')
          .all(table)
          .map((row) => ({ ...row }));
      assert.deepEqual(sqlOf(made), sqlOf(reference));
      for (const pragma of pragmas) {
        const rows = (database: DatabaseSync) =>
          database
            .prepare(`SELECT * FROM pragma_${pragma}(?)`)
            .all(table)
            .map((row) => ({ ...row }));
        assert.deepEqual(rows(made), rows(reference), pragma);
      }
      const indexColumns = (database: DatabaseSync) =>
        database
          .prepare(
            'SELECT l.name, x.* FROM pragma_index_list(?) AS l, pragma_index_xinfo(l.name) AS x ORDER BY 1, 2',
          )
          .all(table)
          .map((row) => ({ ...row }));
      assert.deepEqual(indexColumns(made), indexColumns(reference));
      made.close();
      reference.close();
    });
  }

  it('makes nothing but the seven tables, the identity and the journal, all of them empty but those', async () => {
    const database = open(await init());
    const tables = database
      .prepare(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`)
      .all();
    assert.deepEqual(
      tables.map((row) => row.name),
      [...autopackExpectation.keys(), 'autopack_hygiene_identity', 'autopack_hygiene_journal'].sort(),
    );
    for (const table of autopackExpectation.keys()) {
      assert.equal(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n, 0, table);
    }
    assert.equal(database.prepare('PRAGMA integrity_check').get()?.integrity_check, 'ok');
    database.close();
  });

  it('gives the database the identity it was told', async () => {
    const id = randomUUID();
    const path = join(folder(), 'backlog.db');
    const made = await initDatabase(writer, path, { id, role: 'legacy', createdAt });
    assert.equal(made.id, id);
    assert.equal(made.tables.length, 7);
    const database = open(path);
    const read = nativeReadDatabase(database);
    const identity = { id, role: 'legacy', createdAt, level: undefined };
    assert.deepEqual(readIdentity(read, TolerantSchema.read(read)), identity);
    database.close();
  });

  it('lets no second identity in', async () => {
    const path = await init();
    const second = writer.transaction(path, (db) =>
      db.run(`INSERT INTO autopack_hygiene_identity (id, role, created_at) VALUES ('x', 'legacy', '')`),
    );
    await assert.rejects(second, /CHECK constraint failed/);
  });

  it('refuses a path that is taken', async () => {
    const path = await init();
    await rejectsWith('exists', initDatabase(writer, path, { id: randomUUID(), role: 'seed', createdAt }));
    assert.deepEqual(await readdir(folder()), ['seed.db']);
  });
});
