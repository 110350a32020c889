import { ColumnReader } from '../db/columns.ts';
import type { DecodeWarnings } from '../db/decodeWarnings.ts';
import type { Row, SqlValue } from '../db/readDatabase.ts';
import { UserFacingError } from '../errors.ts';
import { PhaseIndex } from '../telemetry/phaseIndex.ts';
import { TelemetrySamplesBuilder } from '../telemetry/telemetrySamples.ts';
import type { TelemetrySample, TelemetrySamples } from '../telemetry/telemetrySamples.ts';
import type { QueryContext } from './queryContext.ts';

const table = 'token_estimation_v2_events';
const columns = [
  'run_id',
  'phase_id',
  'category',
  'complexity',
  'deliverable_count',
  'predicted_output_tokens',
  'actual_output_tokens',
  'success',
  'truncated',
  'stop_reason',
  'model',
] as const;
/** Read only where they are asked for, since text takes longest to read. */
const detailColumns = ['timestamp', 'deliverables_json', 'actual_max_tokens', 'selected_budget'] as const;

/**
 * All telemetry samples of a database, read in one pass in the order in which the table lies on disk; `withDetails`
 * reads their time, limit and deliverables too. A limit that was not recorded is taken to be the budget selected.
 * Fails with `no-telemetry-table`. A value that is not what its column should hold is counted as a warning, never dropped.
 */
export function readTelemetrySamples(context: QueryContext, withDetails = false): TelemetrySamples {
  const { db, schema, warnings } = context;
  if (!schema.hasTable(table)) {
    throw new UserFacingError(
      'no-telemetry-table',
      `This database has no telemetry: the table ${table} is missing.`,
      'Create a telemetry seed database, and drain its phases with telemetry on.',
    );
  }
  const hasStopReason = schema.hasColumn(table, 'stop_reason');
  const builder = new TelemetrySamplesBuilder(readPhaseIndex(context));
  const value = new BulkColumns(table, warnings);
  const wanted = withDetails ? [...columns, ...detailColumns] : columns;
  const sql = `SELECT ${schema.select(table, wanted)} FROM ${table}`;
  db.each(sql, [], (row) => {
    const [run = null, phase = null, category = null, complexity = null, deliverables = null] = row;
    const [, , , , , predicted = null, actual = null, success = null, truncated = null, reason = null] = row;
    builder.add({
      runId: value.text(run, 'run_id') ?? '',
      phaseId: value.text(phase, 'phase_id') ?? '',
      category: value.text(category, 'category'),
      complexity: value.text(complexity, 'complexity'),
      deliverableCount: value.integer(deliverables, 'deliverable_count') ?? 0,
      predicted: value.integer(predicted, 'predicted_output_tokens') ?? NaN,
      actual: value.integer(actual, 'actual_output_tokens') ?? NaN,
      success: value.boolean(success, 'success') ?? false,
      truncated: value.boolean(truncated, 'truncated') ?? false,
      hasStopReason: !hasStopReason || (reason !== null && reason !== ''),
      model: value.text(row[10] ?? null, 'model') ?? 'unknown',
      ...(withDetails ? readDetails(row, value) : {}),
    });
  });
  return builder.build();
}

function readDetails(row: readonly SqlValue[], value: BulkColumns): Partial<TelemetrySample> {
  const [time = null, deliverables = null, limit = null, budget = null] = row.slice(columns.length);
  return {
    timestamp: value.time(time, 'timestamp') ?? NaN,
    deliverables: value.text(deliverables, 'deliverables_json'),
    limit: value.integer(limit, 'actual_max_tokens') ?? value.integer(budget, 'selected_budget') ?? NaN,
  };
}

function readPhaseIndex({ db, schema }: QueryContext): PhaseIndex {
  const index = new PhaseIndex();
  const canTell =
    schema.hasColumn('runs', 'id') &&
    schema.hasColumn('phases', 'run_id') &&
    schema.hasColumn('phases', 'phase_id');
  if (!canTell) return index;
  const sql = 'SELECT run_id, phase_id FROM phases WHERE run_id IN (SELECT id FROM runs)';
  db.each(sql, [], ([runId, phaseId]) => {
    index.addKnown({ runId: String(runId), phaseId: String(phaseId) });
  });
  return index;
}

/**
 * Decodes values of a table that may hold millions of rows: what has its column's own type, as nearly all do,
 * is taken as it is; the rest goes through the same rules as everywhere.
 */
class BulkColumns {
  readonly #table: string;
  readonly #warnings: DecodeWarnings;

  constructor(table: string, warnings: DecodeWarnings) {
    this.#table = table;
    this.#warnings = warnings;
  }

  text(value: SqlValue, column: string): string | null {
    return typeof value === 'string' ? value : this.#read(value, column).text(column);
  }

  integer(value: SqlValue, column: string): number | null {
    return typeof value === 'number' ? Math.trunc(value) : this.#read(value, column).integer(column);
  }

  boolean(value: SqlValue, column: string): boolean | null {
    return typeof value === 'number' ? value !== 0 : this.#read(value, column).boolean(column);
  }

  time(value: SqlValue, column: string): number | null {
    return this.#read(value, column).time(column);
  }

  #read(value: SqlValue, column: string): ColumnReader {
    const row: Row = { [column]: value };
    return new ColumnReader(this.#table, row, this.#warnings);
  }
}
