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
  const tables = runTables(db, schema);
  refuseHeld(db, tables, runId);
  const goes = rowCounts(db, tables.goes, runId).toReversed();
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
  const schema = TolerantSchema.read(db);
  const difference = contentDifference(agreed, runContent(db, schema, runId));
  if (difference !== null) {
    throw new UserFacingError(
      'changed',
      `Nothing was deleted: the run ${runId} has changed since (${difference}).`,
      'Look at it again, then delete it if that is still meant.',
    );
  }
  for (const { table, condition } of runTables(db, schema).goes) {
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
    const { releases } = runTables(db, TolerantSchema.read(db));
    const counts = [...run.goes, ...releases.flatMap((release) => rowCounts(db, [release], run.runId))];
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

function rowCounts(db: Pick<ReadDatabase, 'all'>, tables: readonly RunRows[], runId: string): TableRows[] {
  return tables
    .map(({ table, condition }) => {
      const [row] = db.all(`SELECT count(*) AS n FROM ${quoted(table)} WHERE ${condition}`, [runId]);
      return { table, rows: Number(row?.n ?? 0) };
    })
    .filter(({ rows }) => rows > 0);
}

function refuseHeld(db: Pick<ReadDatabase, 'all'>, { holds }: RunTables, runId: string): void {
  for (const hold of holds) {
    const [found] = rowCounts(db, [hold], runId);
    if (found === undefined) continue;
    throw new UserFacingError(
      'held',
      `The run ${runId} cannot be deleted: ${counted(found.rows, 'row')} of ${hold.table} ${found.rows === 1 ? 'refers' : 'refer'} to its ${hold.parent}, and would be left.`,
      'Delete or change those rows first.',
    );
  }
}
