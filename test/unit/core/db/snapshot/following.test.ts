import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CancelledError } from '../../../../../src/core/errors.ts';
import { reuse, type QueryContext } from '../../../../../src/core/db/scan/queryContext.ts';
import type { SourceFiles } from '../../../../../src/core/db/snapshot/sourceFiles.ts';
import { nodeFiles } from '../../../../../src/node/reader/nodeFiles.ts';
import type { ByteImage } from '../../../../../src/core/db/databasePorts.ts';
import type { SqlEngine } from '../../../../../src/core/db/sqlJs/sqlEngine.ts';
import type { OpenSqlDatabase } from '../../../../../src/core/db/sqlJs/sqlJsDatabase.ts';
import { openSnapshots, readRows, testEngine } from '../../../../support/openSnapshots.ts';
import { temporaryFolder } from '../../../../support/temporaryFolder.ts';

/** Two tables far apart, so that a change to one leaves the pages of the other alone. */
const setup = `
  CREATE TABLE first (id INTEGER PRIMARY KEY, value TEXT);
  CREATE TABLE second (id INTEGER PRIMARY KEY, value TEXT);
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
    INSERT INTO first SELECT i, hex(randomblob(100)) FROM n;
  INSERT INTO second SELECT * FROM first;`;

for (const mode of ['delete', 'wal']) {
  describe(`A reader that follows a database, ${mode}`, () => {
    const folder = temporaryFolder();
    let path: string;
    let writer: DatabaseSync;

    beforeEach(() => {
      path = join(folder(), 'a.db');
      writer = new DatabaseSync(path);
      writer.exec(
        `PRAGMA synchronous = OFF; PRAGMA journal_mode = ${mode}; PRAGMA wal_autocheckpoint = 0; ${setup}`,
      );
    });

    afterEach(() => {
      if (writer.isOpen) writer.close();
    });

    it('keeps an answer whose pages did not change, and no other', async () => {
      const reader = await openSnapshots(path);
      const runs = { first: 0, second: 0 };
      const ask = (table: 'first' | 'second') =>
        reader.read({
          key: table,
          run: ({ db }) => {
            runs[table]++;
            return db.all(`SELECT count(*) AS n, max(value) AS last FROM ${table}`)[0];
          },
        });
      const [one, two] = [await ask('first'), await ask('second')];
      writer.exec(`UPDATE second SET value = 'zz' WHERE id = 1500`);
      const [oneAgain, twoAgain] = [await ask('first'), await ask('second')];
      assert.deepEqual(runs, { first: 1, second: 2 });
      assert.equal(oneAgain.revision, one.revision);
      assert.notEqual(twoAgain.revision, two.revision);
      assert.equal(twoAgain.value?.last, 'zz');
      assert.notEqual(twoAgain.version.token, two.version.token);
      assert.equal(twoAgain.version.token, oneAgain.version.token);
      reader.close();
    });

    it('reads parts of an answer again only where they changed, warnings included', async () => {
      const reader = await openSnapshots(path);
      const computed: string[] = [];
      const part = (context: QueryContext, table: string) =>
        reuse(context, table, ({ db, warnings }) => {
          computed.push(table);
          warnings.add(`${table} is odd`);
          return db.all(`SELECT max(value) AS last FROM ${table}`)[0]?.last;
        });
      const ask = () => reader.read({ key: 'both', run: (own) => [part(own, 'first'), part(own, 'second')] });
      await ask();
      writer.exec(`UPDATE first SET value = 'zz' WHERE id = 2`);
      const { value, warnings } = await ask();
      assert.deepEqual(computed, ['first', 'second', 'first']);
      assert.equal(value[0], 'zz');
      assert.deepEqual(warnings, [
        { what: 'first is odd', count: 1 },
        { what: 'second is odd', count: 1 },
      ]);
      reader.close();
    });

    it('does not keep facts of the file beyond a commit', async () => {
      const reader = await openSnapshots(path);
      const ask = async () => (await reader.read({ key: 'file', run: ({ file }) => file })).value;
      const before = await ask();
      writer.exec(`INSERT INTO second SELECT id + 10000, value FROM first; PRAGMA wal_checkpoint(FULL)`);
      const after = await ask();
      assert.ok(after.sizeBytes > before.sizeBytes);
      assert.equal(after.journalMode, mode);
      reader.close();
    });

    it('sees another schema', async () => {
      const reader = await openSnapshots(path);
      const has = async () =>
        (await reader.read({ key: 'has', run: ({ schema }) => schema.hasTable('tiers') })).value;
      assert.equal(await has(), false);
      writer.exec('CREATE TABLE tiers (id)');
      assert.equal(await has(), true);
      reader.close();
    });

    it('does not read the schema again where nothing of it changed', async () => {
      const engine = await testEngine();
      let opened = 0;
      const open = (image: ByteImage): OpenSqlDatabase => {
        opened++;
        return engine.open(image);
      };
      const counting = { readsOnDemand: true, open } as unknown as SqlEngine;
      const reader = await openSnapshots(path, { engine: counting });
      const facts = async () =>
        (
          await readRows(
            reader,
            'SELECT freelist_count AS free, (SELECT count(*) FROM second) AS n FROM pragma_freelist_count',
          )
        ).value[0];
      assert.deepEqual(await facts(), { free: 0, n: 3000 });
      // Pages become free, which the first page tells, and are taken again.
      writer.exec('DELETE FROM second WHERE id > 1000');
      const { free, n } = (await facts()) ?? {};
      assert.ok(Number(free) > 10);
      assert.equal(n, 1000);
      writer.exec('INSERT INTO second SELECT id + 10000, value FROM first LIMIT 500');
      assert.equal((await facts())?.n, 1500);
      assert.equal(opened, 1);
      writer.exec('CREATE TABLE third (id)');
      assert.deepEqual((await readRows(reader, 'SELECT count(*) AS n FROM third')).value, [{ n: 0 }]);
      assert.equal(opened, 2);
      reader.close();
    });

    it('gives right answers from a cache far smaller than the database', async () => {
      const reader = await openSnapshots(path, {}, { cacheBytes: 1 });
      for (let i = 0; i < 4; i++) {
        const sql = 'SELECT sum(length(f.value)) AS n FROM first f JOIN second s ON s.id = 3001 - f.id';
        assert.deepEqual((await readRows(reader, sql)).value, [{ n: 600_000 }]);
        writer.exec(`UPDATE second SET value = value || '' WHERE id = ${i * 700 + 1}`);
      }
      reader.close();
    });

    it('stands by an answer when a commit during the query touched other pages', async () => {
      const reader = await openSnapshots(path);
      let runs = 0;
      const { value } = await reader.read({
        key: 'raced',
        run: ({ db }) => {
          const [row] = db.all('SELECT count(*) AS n FROM first');
          if (runs++ === 0) writer.exec(`UPDATE second SET value = 'x' WHERE id = 2500`);
          return row?.n;
        },
      });
      assert.deepEqual([value, runs], [3000, 1]);
      reader.close();
    });

    it('runs a query again when a commit during it touched its pages', async () => {
      const reader = await openSnapshots(path);
      let runs = 0;
      const { value } = await reader.read({
        key: 'raced',
        run: ({ db }) => {
          const [before] = db.all('SELECT count(*) AS n FROM first');
          if (runs++ === 0)
            writer.exec('DELETE FROM first WHERE id > 1000; DELETE FROM second WHERE id > 1000');
          const [after] = db.all('SELECT count(*) AS n FROM second');
          return [before?.n, after?.n];
        },
      });
      assert.deepEqual([value, runs], [[1000, 1000], 2]);
      reader.close();
    });

    it('notices that the file was replaced, without mixing the two', async () => {
      const other = join(folder(), 'b.db');
      const replacement = new DatabaseSync(other);
      replacement.exec(`${setup} DELETE FROM first WHERE id > 7`);
      replacement.close();
      const reader = await openSnapshots(path);
      const ask = () => readRows(reader, 'SELECT count(*) AS n FROM first');
      const before = await ask();
      writer.close();
      renameSync(other, path);
      const after = await ask();
      assert.deepEqual([before.value[0]?.n, after.value[0]?.n], [3000, 7]);
      assert.notEqual(after.version.fileId, before.version.fileId);
      reader.close();
    });

    it('ends a query that is no longer wanted at its next read', async () => {
      const reader = await openSnapshots(path);
      let reads = 0;
      const checkCancelled = () => {
        if (++reads > 10) throw new CancelledError('Reading');
      };
      const long = {
        key: 'long',
        run: ({ db }: QueryContext) => db.all('SELECT sum(length(value)) FROM first'),
        checkCancelled,
      };
      await assert.rejects(reader.read(long), CancelledError);
      assert.ok(reads < 14, `${reads} reads`);
      assert.deepEqual((await readRows(reader, 'SELECT count(*) AS n FROM first')).value, [{ n: 3000 }]);
      reader.close();
    });

    it('opens nothing for writing and keeps no file open after it is closed', async () => {
      const opened = new Set<string>();
      const files: SourceFiles = {
        ...nodeFiles,
        open(name) {
          const file = nodeFiles.open(name);
          if (file !== null) opened.add(name);
          if (file === null) return null;
          const close = () => {
            opened.delete(name);
            file.close();
          };
          return { stamp: () => file.stamp(), read: (at, to) => file.read(at, to), close };
        },
      };
      const reader = await openSnapshots(path, { files });
      await readRows(reader, 'SELECT 1 FROM first');
      assert.equal(opened.has(path), true);
      reader.close();
      assert.deepEqual([...opened], []);
    });
  });
}
