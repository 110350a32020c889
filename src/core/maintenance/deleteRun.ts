import type { ReadDatabase, WriteDatabase, WriteOperation } from '../db/databasePorts.ts';
import { tablesAtOnce } from '../db/filledTables.ts';
import { ForeignKeyCheck, hasFewForeignKeys, quoted } from '../db/foreignKeys.ts';
import type { QueryContext } from '../db/scan/queryContext.ts';
import { TolerantSchema } from '../db/tolerantSchema.ts';
import { UserFacingError } from '../errors.ts';
import { readTelemetrySamples } from '../telemetry/samples/readTelemetrySamples.ts';
import { sampleQualities } from '../telemetry/samples/sampleQuality.ts';
import { t } from '../text/l10n.ts';
import { counted } from '../text/quantities.ts';
import { locateRunRows, type RunRows, type RunRowLocations } from './runRows.ts';

/**
 * Counts what belongs to a run. Throws `unknown-run`, and `held` where rows of elsewhere refer to it that the schema
 * does not let go with it: they are somebody's, and would point to nothing.
 */
export function runContent(
  { db, schema, image }: Pick<QueryContext, 'schema' | 'image'> & { readonly db: Pick<ReadDatabase, 'all'> },
  runId: string,
): RunContent {
  return contentIn(db, locateRunRows(db, schema, image), runId);
}

function contentIn(db: Pick<ReadDatabase, 'all'>, tables: RunRowLocations, runId: string): RunContent {
  refuseHeld(db, tables, runId);
  const goes = rowCounts(db, tables.goes, runId)
    .map(({ table, rows }) => ({ table, rows }))
    .toReversed();
  if (goes.length === 0) {
    throw new UserFacingError(
      'unknown-run',
      t`There is no run ${runId}.`,
      t`Refresh, or check the id and the database.`,
    );
  }
  const releases = new Map<string, number>();
  for (const { table, rows } of rowCounts(db, tables.releases, runId))
    releases.set(table, (releases.get(table) ?? 0) + rows);
  return { runId, goes, releases: [...releases].map(([table, rows]) => ({ table, rows })) };
}

/**
 * Deletes a run with all that belongs to it, if that still is what was agreed on. Throws `changed` with what differs,
 * and what {@link runContent} throws; nothing is deleted then.
 */
export function deleteRun(db: WriteDatabase, agreed: RunContent): void {
  const { runId } = agreed;
  const tables = locateRunRows(db, TolerantSchema.read(db));
  const found = contentIn(db, tables, runId);
  const difference = contentDifference(agreed, found);
  if (difference !== null) {
    throw new UserFacingError(
      'changed',
      t`Nothing was deleted: the run ${runId} has changed since (${difference}).`,
      t`Look at it again before you delete it.`,
    );
  }
  try {
    const check = ForeignKeyCheck.begin(db, () => tables.referring, [runId]);
    const released = new Set(found.releases.map(({ table }) => table));
    for (const { table, condition, assignments } of tables.releases) {
      if (!released.has(table)) continue;
      db.run(`UPDATE ${quoted(table)} SET ${assignments} WHERE ${condition}`, [runId]);
    }
    const filled = new Set(found.goes.map(({ table }) => table));
    for (const { table, condition } of tables.goes) {
      if (!filled.has(table)) continue;
      db.run(`DELETE FROM ${quoted(table)} WHERE ${condition}`, [runId]);
    }
    check?.refuseViolation();
  } catch (error) {
    throw isMismatch(error) ? unfitKeys(runId, error) : error;
  }
}

/** {@link deleteRun} as the writer takes it. */
export const deleteRunOperation: WriteOperation<{ readonly run: RunContent }, void> = {
  name: 'delete-run',
  run: (db, { run }) => deleteRun(db, run),
  needs: ({ run }) => ({ runs: [run.runId], tables: 'all' }),
  subject: ({ run }) => ({ run: run.runId }),
  agreedRows: ({ run }) => [...run.goes, ...run.releases].reduce((sum, { rows }) => sum + rows, 0),
  sqliteEnforcesKeys: hasFewForeignKeys,
};

/** SQLite deletes nothing that a foreign key refers to by columns which are not unique. */
function isMismatch(error: unknown): error is Error {
  return error instanceof Error && error.message.startsWith('foreign key mismatch');
}

function unfitKeys(runId: string, error: Error): UserFacingError {
  return new UserFacingError(
    'held',
    t`The run ${runId} cannot be deleted: the foreign keys of this database do not fit its tables (${error.message}).`,
    t`Give the columns that are referred to a unique index, or leave the run.`,
    { cause: error },
  );
}

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

function refuseHeld(db: Pick<ReadDatabase, 'all'>, { holds }: RunRowLocations, runId: string): void {
  const [found] = rowCounts(db, holds, runId);
  if (found === undefined) return;
  const { table, parent, rows } = found;
  throw new UserFacingError(
    'held',
    rows === 1
      ? t`The run ${runId} cannot be deleted: ${counted(rows, 'row')} of ${table} refers to its ${parent}, and would be left.`
      : t`The run ${runId} cannot be deleted: ${counted(rows, 'row')} of ${table} refer to its ${parent}, and would be left.`,
    t`Delete or change those rows first.`,
  );
}

/** How many rows of a table. */
interface TableRows {
  readonly table: string;
  readonly rows: number;
}

/** What belongs to a run, as it was when somebody agreed to delete it. */
export interface RunContent {
  readonly runId: string;
  /** What goes with the run, tables without a row left out. The run, its tiers and its phases come first. */
  readonly goes: readonly TableRows[];
  /** What stays, and loses what it refers to. */
  readonly releases: readonly TableRows[];
}

/** A run's content as it is asked about: with what it is worth as evidence. */
export interface RunToDelete extends RunContent {
  /** Samples that a calibration would rest on; `null` without a telemetry table. */
  readonly cleanSamples: number | null;
}

/** What goes, and what that is worth: a sentence each. */
export function deletionText({ goes, releases, cleanSamples }: RunToDelete): string[] {
  return [
    t`Deletes ${rowsText(goes)}.`,
    ...(releases.length === 0
      ? []
      : [t`Keeps ${rowsText(releases)}, which will no longer refer to the run.`]),
    ...(cleanSamples === null || cleanSamples === 0
      ? []
      : [t`Among them ${counted(cleanSamples, 'clean sample')}, on which calibrations rest.`]),
  ];
}

/** `1 run, 3 tiers, 10 phases, 12 rows of llm_usage_events`. */
export function rowsText(rows: readonly TableRows[]): string {
  return rows.map(({ table, rows: count }) => tableText(table, count)).join(', ');
}

function tableText(table: string, count: number): string {
  switch (table) {
    case 'runs':
      return counted(count, 'run');
    case 'tiers':
      return counted(count, 'tier');
    case 'phases':
      return counted(count, 'phase');
    default:
      return t`${counted(count, 'row')} of ${table}`;
  }
}

/** What differs between what was agreed on and what is there now, in words; `null` if nothing does. */
function contentDifference(agreed: RunContent, now: RunContent): string | null {
  const before = byPart(agreed);
  const after = byPart(now);
  const differences = [...new Set([...before.keys(), ...after.keys()])]
    .filter((part) => before.get(part) !== after.get(part))
    .map((part) => t`${part} were ${before.get(part) ?? 0}, are ${after.get(part) ?? 0}`);
  return differences.length === 0 ? null : differences.join('; ');
}

function byPart({ goes, releases }: RunContent): ReadonlyMap<string, number> {
  return new Map([
    ...goes.map(({ table, rows }) => [table, rows] as const),
    ...releases.map(({ table, rows }) => [t`${table} that stay`, rows] as const),
  ]);
}

/** What would go with a run, and how much of it is evidence. Throws `unknown-run` and `held`. */
export function runToDelete(context: QueryContext, { runId }: { readonly runId: string }): RunToDelete {
  const content = runContent(context, runId);
  return { ...content, cleanSamples: cleanSamplesOf(context, runId) };
}

function cleanSamplesOf(context: QueryContext, runId: string): number | null {
  if (!context.schema.hasTable('token_estimation_v2_events')) return null;
  const { phase, phases, quality } = readTelemetrySamples(context);
  const clean = sampleQualities.indexOf('clean');
  return phase.reduce(
    (sum, of, sample) => (quality[sample] === clean && phases[of]?.runId === runId ? sum + 1 : sum),
    0,
  );
}
