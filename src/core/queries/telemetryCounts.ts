import { flagSql } from '../db/columnReader.ts';
import type { SqlValue, ReadDatabase } from '../db/databasePorts.ts';
import type { QueryContext } from '../db/scan/queryContext.ts';
import type { TelemetryCounts } from '../model/databaseFacts.ts';
import { finishKind } from '../model/finishReason.ts';

const table = 'token_estimation_v2_events';

/** Telemetry at a glance, and how many of its events belong to a run or phase that does not exist. */
export interface CountedTelemetry {
  readonly counts: TelemetryCounts;
  readonly orphans: number;
}

type Context = Pick<QueryContext, 'db' | 'schema'>;

/** Counts all events in one pass; `null` without the table. A missing column counts as false or unknown. */
export function countTelemetry(context: Context): CountedTelemetry | null {
  const { db, schema } = context;
  if (!schema.hasTable(table)) return null;
  const success = schema.hasColumn(table, 'success') ? flagSql('success') : 'FALSE';
  const categories = valuesOf(context, 'category');
  const complexities = valuesOf(context, 'complexity');
  const [total = 0, succeeded = 0, cut = 0, orphans = 0, ...byValue] = filteredCounts(db, table, [
    { sql: 'TRUE' },
    { sql: success },
    truncatedFilter(context),
    { sql: orphanSql(context) },
    ...valueFilters('category', categories, success),
    ...valueFilters('complexity', complexities, success),
  ]);
  const breakdown = (column: string, values: readonly SqlValue[] | null, from: number) =>
    nameCounts(
      values?.map((value, index) => [value, byValue[from + index] ?? 0]) ??
        groupedCounts(db, column, success),
      succeeded,
    );
  return {
    counts: {
      total,
      success: succeeded,
      truncated: cut,
      byCategory: breakdown('category', categories, 0),
      byComplexity: breakdown('complexity', complexities, categories?.length ?? 0),
    },
    orphans,
  };
}

type ValueCount = readonly [value: SqlValue, count: number];

function valuesOf({ db, schema }: Context, column: string): SqlValue[] | null {
  return schema.hasColumn(table, column) ? distinctValues(db, table, column) : [];
}

/** By the flag, a stop reason that says so, or an output that reached the limit, as samples are judged. */
function truncatedFilter(context: Context): RowFilter {
  const { schema } = context;
  const reasons = (valuesOf(context, 'stop_reason') ?? []).filter(
    (reason) => typeof reason === 'string' && finishKind(reason) === 'cut-off',
  );
  const has = (column: string): boolean => schema.hasColumn(table, column);
  const [sent, budget] = ['actual_max_tokens', 'selected_budget'].map((column) =>
    has(column) ? `CAST(${column} AS INTEGER)` : 'NULL',
  );
  const actual = 'CAST(actual_output_tokens AS INTEGER)';
  const sql = [
    ...(has('truncated') ? [flagSql('truncated')] : []),
    ...(reasons.length > 0 ? [`stop_reason IN (${reasons.map(() => '?').join(', ')})`] : []),
    ...(has('actual_output_tokens')
      ? [`CASE WHEN ${sent} > 0 THEN ${actual} >= ${sent} ELSE ${budget} > 0 AND ${actual} = ${budget} END`]
      : []),
  ].join(' OR ');
  return { sql: sql === '' ? 'FALSE' : sql, params: reasons };
}

/** A filter of the successful events for every value; the value first, since it rules out most rows at once. */
function valueFilters(column: string, values: readonly SqlValue[] | null, success: string): RowFilter[] {
  return (values ?? []).map((value) => ({ sql: `${column} = ? AND ${success}`, params: [value] }));
}

/** For a column of more values than can be filtered by, which no real one is. */
function groupedCounts(db: Context['db'], column: string, success: string): ValueCount[] {
  const sql = `SELECT ${column} AS value, count(*) AS n FROM ${table}
               WHERE ${success} AND ${column} IS NOT NULL GROUP BY ${column}`;
  return db.all(sql).map(({ value = null, n }) => [value, Number(n)]);
}

/** Counts by name; what is left of all successful events has no value. */
function nameCounts(counts: readonly ValueCount[], succeeded: number): Readonly<Record<string, number>> {
  const byName = new Map<string, number>();
  const add = (name: string, count: number): void => {
    if (count > 0) byName.set(name, (byName.get(name) ?? 0) + count);
  };
  for (const [value, count] of counts) add(nameOf(value), count);
  add(
    'unknown',
    counts.reduce((left, [, count]) => left - count, succeeded),
  );
  return Object.fromEntries(byName);
}

function nameOf(value: SqlValue): string {
  const name = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
  return name === '' ? 'unknown' : name;
}

/** True for events of a run or phase that is not there, where that can be told. */
function orphanSql({ schema }: Context): string {
  const comparable =
    [table, 'phases'].every(
      (name) => schema.hasColumn(name, 'run_id') && schema.hasColumn(name, 'phase_id'),
    ) && schema.hasColumn('runs', 'id');
  if (!comparable) return 'FALSE';
  // IN with a subquery uses the unique index where there is one, and builds one once where there is none.
  return `(run_id IN (SELECT id FROM runs)
           AND (run_id, phase_id) IN (SELECT run_id, phase_id FROM phases)) IS NOT TRUE`;
}

/** An SQL condition on the rows of a table, with the values for its `?`. */
interface RowFilter {
  readonly sql: string;
  readonly params?: readonly SqlValue[];
}

/** SQLite takes at most 2,000 columns in a result, and each filter is one. */
const mostFilters = 500;

/**
 * How many rows of a table satisfy each filter, in one pass over it.
 * For a few values this beats GROUP BY, which sorts all rows first when no index has them in order.
 */
function filteredCounts(
  db: Pick<ReadDatabase, 'all'>,
  table: string,
  filters: readonly RowFilter[],
): number[] {
  const columns = filters.map(({ sql }, index) => `count(*) FILTER (WHERE ${sql}) AS n${index}`);
  const params = filters.flatMap((filter) => filter.params ?? []);
  const [row] = db.all(`SELECT ${columns.join(', ')} FROM ${table}`, params);
  return filters.map((_, index) => Number(row?.[`n${index}`] ?? 0));
}

/**
 * The values of a column but NULL, sorted; `null` if there are more than can be filtered by.
 * Jumps from one value to the next through the column's index instead of reading every entry, as DISTINCT would.
 */
export function distinctValues(
  db: Pick<ReadDatabase, 'all'>,
  table: string,
  column: string,
): SqlValue[] | null {
  const sql = `
    WITH RECURSIVE found (value) AS (
      SELECT min(${column}) FROM ${table}
      UNION ALL
      SELECT (SELECT min(${column}) FROM ${table} WHERE ${column} > found.value) FROM found WHERE found.value IS NOT NULL
    )
    SELECT value FROM found WHERE value IS NOT NULL LIMIT ${mostFilters + 1}`;
  const values = db.all(sql).map((row) => row.value ?? null);
  return values.length > mostFilters ? null : values;
}
