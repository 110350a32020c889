import { ColumnReader } from '../db/columns.ts';
import { foreignSchema } from '../db/foreignSchema.ts';
import type { SqlValue } from '../db/readDatabase.ts';
import { canaryPrefix } from '../guard/databaseMark.ts';
import type { DatabaseMark, MarkQuestion, RunMark } from '../guard/databaseMark.ts';
import { schemaFacts, type Sha256Hex } from '../identity/fingerprint.ts';
import { readMigrations } from '../identity/newerSchema.ts';
import { readRole } from '../identity/role.ts';
import { guardedTables } from '../guard/operation.ts';
import { referenceExpectation } from '../seed/referenceSchema.ts';
import type { QueryContext } from './queryContext.ts';

/** How many of the oldest and of the newest runs mark a database. */
const sampleSize = 10;

/** By what a database is told from others. Reads its runs at most, never phases or events. */
export function databaseMark(
  context: QueryContext,
  { runIds }: MarkQuestion,
  sha256Hex: Sha256Hex,
): DatabaseMark {
  const { db, schema, file } = context;
  const oldest = runsBy(context, `ORDER BY created_at, id LIMIT ${sampleSize}`);
  const newest = runsBy(context, `ORDER BY created_at DESC, id DESC LIMIT ${sampleSize}`);
  const sample = new Map([...oldest, ...newest.toReversed()].map((run) => [run.id, run]));
  return {
    path: file.path,
    fileId: file.fileId,
    ...readRole(db, schema),
    isAutopack: schema.hasTable('runs') && schema.hasTable('phases'),
    schemaFingerprint: schemaFacts(schema, referenceExpectation, sha256Hex).fingerprint,
    migrations: readMigrations(db, schema),
    foreign: foreignSchema(db, guardedTables),
    sample: [...sample.values()],
    known: runIds.length === 0 ? [] : runsBy(context, `WHERE id IN (${marks(runIds)})`, runIds),
  };
}

function runsBy(
  { db, schema, warnings }: QueryContext,
  which: string,
  params: readonly SqlValue[] = [],
): RunMark[] {
  if (!schema.hasColumn('runs', 'id')) return [];
  const columns = schema.select('runs', ['id', 'created_at']);
  // The inner query names the columns, so that one which is missing can still be sorted by.
  // A canary run is ours and will go; nothing must rest on it.
  const sql = `SELECT * FROM (SELECT ${columns} FROM runs WHERE id NOT LIKE '${canaryPrefix}%') ${which}`;
  return db.all(sql, params).flatMap((row) => {
    const reader = new ColumnReader('runs', row, warnings);
    const id = reader.text('id');
    return id === null ? [] : [{ id, createdAt: reader.time('created_at') }];
  });
}

function marks(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}
