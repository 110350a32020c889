import { ColumnReader } from '../db/columns.ts';
import type { DecodeWarnings } from '../db/decodeWarnings.ts';
import type { Row, SqlValue } from '../db/readDatabase.ts';
import { UserFacingError } from '../errors.ts';
import { PhaseIndex } from '../telemetry/phaseIndex.ts';
import { TelemetrySamplesBuilder } from '../telemetry/telemetrySamples.ts';
import type { TelemetrySamples } from '../telemetry/telemetrySamples.ts';
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

/**
 * All telemetry samples of a database, read in one pass in the order in which the table lies on disk.
 * Fails with `no-telemetry-table`. A value that is not what its column should hold is counted as a warning, never dropped.
 */
export function readTelemetrySamples(context: QueryContext): TelemetrySamples {
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
  const sql = `SELECT ${schema.select(table, columns)} FROM ${table}`;
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
    });
  });
  return builder.build();
}

function readPhaseIndex({ db, schema }: QueryContext): PhaseIndex {
  const index = new PhaseIndex();
  if (!schema.hasTable('runs') || !schema.hasTable('phases')) return index;
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

  #read(value: SqlValue, column: string): ColumnReader {
    const row: Row = { [column]: value };
    return new ColumnReader(this.#table, row, this.#warnings);
  }
}
