import type { ReadDatabase } from '../db/readDatabase.ts';
import { quoted } from '../db/foreignKeys.ts';
import { TolerantSchema } from '../db/tolerantSchema.ts';
import type { WriteDatabase, WriteOperation } from '../db/writeDatabase.ts';
import { UserFacingError } from '../errors.ts';
import { counted } from '../text/quantities.ts';
import { contentDifference, type RunContent, type TableRows } from './runContent.ts';
import { type RunRows, type RunTables, runTables } from './runTables.ts';

/**
 * Counts what belongs to a run. Throws `unknown-run`, and `held` where rows of elsewhere refer to it that the schema
 * does not let go with it: they are somebody's, and would point to nothing.
 */
export function runContent(db: Pick<ReadDatabase, 'all'>, schema: TolerantSchema, runId: string): RunContent {
  return contentIn(db, runTables(db, schema), runId);
}

function contentIn(db: Pick<ReadDatabase, 'all'>, tables: RunTables, runId: string): RunContent {
  refuseHeld(db, tables, runId);
  const goes = rowCounts(db, tables.goes, runId)
    .map(({ table, rows }) => ({ table, rows }))
    .toReversed();
  if (goes.length === 0) {
    throw new UserFacingError(
      'unknown-run',
      `There is no run ${runId}.`,
      'Refresh, or check the id and the database.',
    );
  }
  return { runId, goes };
}

/**
 * Deletes a run with all that belongs to it, if that still is what was agreed on. Throws `changed` with what differs,
 * and what {@link runContent} throws; nothing is deleted then.
 */
export function deleteRun(db: WriteDatabase, agreed: RunContent): void {
  const { runId } = agreed;
  const tables = runTables(db, TolerantSchema.read(db));
  const found = contentIn(db, tables, runId);
  const difference = contentDifference(agreed, found);
  if (difference !== null) {
    throw new UserFacingError(
      'changed',
      `Nothing was deleted: the run ${runId} has changed since (${difference}).`,
      'Look at it again, then delete it if that is still meant.',
    );
  }
  // Tables without a row of the run, of which a foreign database may have thousands, are left alone.
  const filled = new Set(found.goes.map(({ table }) => table));
  for (const { table, condition } of tables.goes) {
    if (!filled.has(table)) continue;
    try {
      db.run(`DELETE FROM ${quoted(table)} WHERE ${condition}`, [runId]);
    } catch (error) {
      throw isMismatch(error) ? unfitKeys(runId, error) : error;
    }
  }
}

/** {@link deleteRun} as the writer takes it. */
export const deleteRunOperation: WriteOperation<{ readonly run: RunContent }, void> = {
  name: 'delete-run',
  run: (db, { run }) => deleteRun(db, run),
  agreedRows: (db, { run }) => {
    const releases = mayRelease(db) ? runTables(db, TolerantSchema.read(db)).releases : [];
    const counts = [...run.goes, ...rowCounts(db, releases, run.runId)];
    return counts.reduce((sum, { rows }) => sum + rows, 0);
  },
};

/** SQLite deletes nothing that a foreign key refers to by columns which are not unique. */
function isMismatch(error: unknown): error is Error {
  return error instanceof Error && error.message.startsWith('foreign key mismatch');
}

function unfitKeys(runId: string, error: Error): UserFacingError {
  return new UserFacingError(
    'held',
    `The run ${runId} cannot be deleted: the foreign keys of this database do not fit its tables (${error.message}).`,
    'Give the columns that are referred to a unique index, or leave the run.',
    { cause: error },
  );
}

/** Whether any key says SET NULL or SET DEFAULT: without one, the schema need not be read for it. */
function mayRelease(db: Pick<ReadDatabase, 'all'>): boolean {
  const sql = `SELECT 1 FROM sqlite_master WHERE type = 'table' AND sql LIKE '%REFERENCES%SET%' LIMIT 1`;
  return db.all(sql).length > 0;
}

/** Tables counted by one statement; SQLite takes 500 parts, and their conditions may be long. */
const tablesAtOnce = 100;

/** How many rows there are of the run, of the tables that have any, in the order given. */
function rowCounts<T extends RunRows>(
  db: Pick<ReadDatabase, 'all'>,
  tables: readonly T[],
  runId: string,
): (T & TableRows)[] {
  const counts = new Map<T, number>();
  for (let first = 0; first < tables.length; first += tablesAtOnce) {
    const some = tables.slice(first, first + tablesAtOnce);
    const parts = some.map(
      ({ table, condition }, part) =>
        `SELECT ${part} AS part, count(*) AS n FROM ${quoted(table)} WHERE ${condition}`,
    );
    for (const { part, n } of db.all(parts.join(' UNION ALL '), [runId])) {
      const table = some[Number(part)];
      if (table !== undefined) counts.set(table, Number(n));
    }
  }
  return tables.map((table) => ({ ...table, rows: counts.get(table) ?? 0 })).filter(({ rows }) => rows > 0);
}

function refuseHeld(db: Pick<ReadDatabase, 'all'>, { holds }: RunTables, runId: string): void {
  const [found] = rowCounts(db, holds, runId);
  if (found === undefined) return;
  const { table, parent, rows } = found;
  throw new UserFacingError(
    'held',
    `The run ${runId} cannot be deleted: ${counted(rows, 'row')} of ${table} ${rows === 1 ? 'refers' : 'refer'} to its ${parent}, and would be left.`,
    'Delete or change those rows first.',
  );
}
