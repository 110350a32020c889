import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { copyFile, chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { queryDatabase } from '../../../support/queryDatabase.ts';
import { initDatabase, seedDatabase } from '../../../../src/core/seed/seedDatabase.ts';
import { DatabaseWriter } from '../../../../src/node/writer/databaseWriter.ts';
import { adopted } from '../../../support/adopted.ts';
import { databaseSources, type DataSource } from '../../../support/data/dataSources.ts';
import { rejectsWith } from '../../../support/rejectsWith.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

describe('seedDatabase', () => {
  const folder = temporaryFolder();
  const writer = new DatabaseWriter();
  const now = Date.UTC(2026, 10, 23, 9, 24, 33, 414);

  async function newDatabase(role: 'seed' | 'legacy' = 'seed'): Promise<string> {
    const path = join(folder(), 'test.db');
    await initDatabase(writer, path, { id: randomUUID(), role, createdAt: now });
    return path;
  }

  async function writableCopy(source: DataSource): Promise<string> {
    const path = join(folder(), 'copy.db');
    await copyFile(source.path, path);
    await chmod(path, 0o644);
    return path;
  }

  /** All of a row but the words, which are ours, and the times. */
  function comparable(row: Record<string, unknown>, words: readonly string[]): Record<string, unknown> {
    const ours = new Set([...words, 'created_at', 'updated_at']);
    return Object.fromEntries(Object.entries(row).filter(([column]) => !ours.has(column)));
  }

  for (const { name, path: reference } of databaseSources('reference-seed')) {
    it(`writes the run, the tier and the ten phases that Autopack writes, in our own words (${name})`, async () => {
      const path = await newDatabase();
      await seedDatabase(writer, path, { now });
      for (const [table, words] of [
        ['runs', []],
        ['tiers', ['name', 'description']],
        ['phases', ['name', 'description']],
      ] as const) {
        const sql = `SELECT * FROM ${table} ORDER BY id`;
        const [ours, theirs] = [queryDatabase(path, sql), queryDatabase(reference, sql)];
        assert.deepEqual(
          ours.map((row) => comparable(row, words)),
          theirs.map((row) => comparable(row, words)),
          table,
        );
        for (const [index, row] of ours.entries()) {
          for (const word of words) assert.notEqual(row[word], theirs[index]?.[word], `${table}.${word}`);
          for (const word of words) assert.match(String(row[word]), /\w/);
          assert.equal(row.created_at, '2026-11-23 09:24:33.414000');
          assert.equal(row.updated_at, row.created_at);
        }
      }
    });
  }

  it('says how much it wrote and what to do next', async () => {
    const path = await newDatabase();
    const seeded = await seedDatabase(writer, path, { now });
    assert.deepEqual(
      { ...seeded, nextStep: '' },
      { path, runId: 'telemetry-collection-v4', tiers: 1, phases: 10, nextStep: '' },
    );
    assert.match(seeded.nextStep, /10 phases QUEUED.*drain the run telemetry-collection-v4/);
    assert.deepEqual(queryDatabase(path, 'PRAGMA foreign_key_check'), []);
  });

  it('seeds a second run beside the first, with a tier of its own', async () => {
    const path = await newDatabase();
    await seedDatabase(writer, path, { now });
    await seedDatabase(writer, path, { now, runId: 'telemetry-collection-v5' });
    assert.deepEqual(
      queryDatabase(path, 'SELECT run_id, tier_id, count(*) AS n FROM phases GROUP BY 1, 2 ORDER BY 1'),
      [
        { run_id: 'telemetry-collection-v4', tier_id: 1, n: 10 },
        { run_id: 'telemetry-collection-v5', tier_id: 2, n: 10 },
      ],
    );
  });

  it('refuses a run that exists, and adds nothing to it', async () => {
    const path = await newDatabase();
    await seedDatabase(writer, path, { now });
    await rejectsWith('run-exists', seedDatabase(writer, path, { now }));
    assert.deepEqual(queryDatabase(path, 'SELECT count(*) AS n FROM phases'), [{ n: 10 }]);
  });

  it('refuses a legacy database until told that any role will do', async () => {
    const path = await newDatabase('legacy');
    const before = await readFile(path);
    await rejectsWith('wrong-role', seedDatabase(writer, path, { now }));
    assert.deepEqual(await readFile(path), before);
    await seedDatabase(writer, path, { now, anyRole: true });
    assert.deepEqual(queryDatabase(path, 'SELECT count(*) AS n FROM phases'), [{ n: 10 }]);
  });

  it('refuses a database without an identity and without runs', async () => {
    const path = await newDatabase();
    await writer.transaction(path, (db) => db.run('DROP TABLE autopack_hygiene_identity'));
    const before = await readFile(path);
    await rejectsWith('not-adopted', seedDatabase(writer, path, { now }));
    await rejectsWith('not-adopted', seedDatabase(writer, path, { now, anyRole: true }));
    assert.deepEqual(await readFile(path), before);
  });

  for (const source of databaseSources('reference-seed')) {
    it(`seeds beside the run of Autopack, once its database is adopted (${source.name})`, async () => {
      const path = await writableCopy(source);
      await rejectsWith('not-adopted', seedDatabase(writer, path, { now }));
      await adopted(path, 'seed');
      await rejectsWith('run-exists', seedDatabase(writer, path, { now }));
      await seedDatabase(writer, path, { now, runId: 'telemetry-collection-v5' });
      assert.deepEqual(queryDatabase(path, 'SELECT count(*) AS n FROM phases'), [{ n: 20 }]);
    });
  }

  for (const source of [...databaseSources('oldest-backlog'), ...databaseSources('backlog')]) {
    it(`refuses a backlog, and fits its older schema when told (${source.name})`, async () => {
      const path = await writableCopy(source);
      await adopted(path, 'legacy');
      const before = await readFile(path);
      await rejectsWith('wrong-role', seedDatabase(writer, path, { now }));
      assert.deepEqual(await readFile(path), before);
      await seedDatabase(writer, path, { now, anyRole: true });
      const seeded = queryDatabase(
        path,
        `SELECT state, count(*) AS n FROM phases WHERE run_id = 'telemetry-collection-v4'`,
      );
      assert.deepEqual(seeded, [{ state: 'QUEUED', n: 10 }]);
    });
  }

  it('refuses a database of another program', async () => {
    const path = join(folder(), 'other.db');
    await writer.create(path, (db) => db.run('CREATE TABLE notes (text TEXT)'));
    const error = await rejectsWith('not-autopack', seedDatabase(writer, path, { now, anyRole: true }));
    assert.match(error.message, /runs and phases/);
  });

  it('refuses an empty run id', async () => {
    await rejectsWith('invalid-argument', seedDatabase(writer, await newDatabase(), { now, runId: ' ' }));
  });
});
