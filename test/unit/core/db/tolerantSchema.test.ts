import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { TolerantSchema } from '../../../../src/core/db/tolerantSchema.ts';
import { nativeReadDatabase } from '../../../support/nativeReadDatabase.ts';

describe('The schema a database really has', () => {
  const schemaOf = (sql: string) => {
    const database = new DatabaseSync(':memory:');
    database.exec(sql);
    return TolerantSchema.read(nativeReadDatabase(database));
  };

  it('knows tables and columns whatever their case, and no views', () => {
    const schema = schemaOf('CREATE TABLE Runs (Id, STATE); CREATE VIEW phases AS SELECT 1 AS id');
    assert.equal(schema.hasTable('runs'), true);
    assert.equal(schema.hasTable('phases'), false);
    assert.equal(schema.hasColumn('runs', 'state'), true);
    assert.equal(schema.hasColumn('runs', 'goal'), false);
    assert.deepEqual(schema.columnsOf('runs'), ['id', 'state']);
    assert.deepEqual(schema.columnsOf('none'), []);
  });

  it('asks for NULL where a column is missing', () => {
    const schema = schemaOf('CREATE TABLE runs (ID)');
    assert.equal(schema.select('runs', ['id', 'goal']), '"id" AS "id", NULL AS "goal"');
  });

  it('is empty without tables', () => {
    assert.equal(schemaOf('').isEmpty, true);
    assert.equal(schemaOf('CREATE TABLE t (x)').isEmpty, false);
  });
});
