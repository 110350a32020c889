import { ColumnReader } from '../../db/columnReader.ts';
import type { Row } from '../../db/databasePorts.ts';
import type { QueryContext } from '../../db/scan/queryContext.ts';
import { UserFacingError } from '../../errors.ts';
import type { PhaseKey } from '../../model/phase.ts';
import type { TelemetryEvent } from '../../model/telemetryEvent.ts';
import { t } from '../../text/l10n.ts';
import { NumberColumn } from '../samples/columns.ts';
import { sampleTest, type TelemetryFilter } from './telemetryFilter.ts';
import { telemetrySource } from './telemetrySource.ts';

const table = 'token_estimation_v2_events';
const columns = [
  'run_id',
  'phase_id',
  'timestamp',
  'category',
  'complexity',
  'deliverable_count',
  'deliverables_json',
  'predicted_output_tokens',
  'actual_output_tokens',
  'selected_budget',
  'actual_max_tokens',
  'success',
  'truncated',
  'stop_reason',
  'model',
];

/** Which events: those behind a row id (0 to begin), so many at most, or those with these row ids. */
export type EventPage =
  { readonly after: number; readonly limit: number } | { readonly ids: readonly number[] };

/** Events by row id; an export asks for one page after the other, so that its memory does not grow. Fails with `no-telemetry-table`. */
export function telemetryEvents(
  { db, schema, warnings }: QueryContext,
  page: EventPage,
): readonly TelemetryEvent[] {
  requireEvents(schema);
  const sql = `SELECT rowid AS event_id, ${schema.select(table, columns)} FROM ${table}`;
  const rows =
    'ids' in page
      ? db.all(`${sql} WHERE rowid IN (SELECT value FROM json_each(?)) ORDER BY rowid`, [
          JSON.stringify(page.ids),
        ])
      : db.all(`${sql} WHERE rowid > ? ORDER BY rowid LIMIT ?`, [page.after, page.limit]);
  return rows.map((row) => toEvent(row, new ColumnReader(table, row, warnings)));
}

/** The events of one phase, the newest first. Fails with `no-telemetry-table`. */
export function phaseEvents(
  { db, schema, warnings }: QueryContext,
  { runId, phaseId }: PhaseKey,
): readonly TelemetryEvent[] {
  requireEvents(schema);
  if (!schema.hasColumn(table, 'run_id') || !schema.hasColumn(table, 'phase_id')) return [];
  const sql = `SELECT rowid AS event_id, ${schema.select(table, columns)} FROM ${table} WHERE run_id = ? AND phase_id = ? ORDER BY rowid DESC`;
  return db.all(sql, [runId, phaseId]).map((row) => toEvent(row, new ColumnReader(table, row, warnings)));
}

function requireEvents(schema: QueryContext['schema']): void {
  if (schema.hasTable(table)) return;
  throw new UserFacingError(
    'no-telemetry-table',
    t`This database has no telemetry: the table ${table} is missing.`,
    t`Create a telemetry seed database, and drain its phases with telemetry on.`,
  );
}

function toEvent(row: Row, column: ColumnReader): TelemetryEvent {
  return {
    eventId: Number(row.event_id),
    runId: column.text('run_id') ?? '',
    phaseId: column.text('phase_id') ?? '',
    timestamp: column.time('timestamp'),
    category: column.text('category') ?? 'unknown',
    complexity: column.text('complexity') ?? 'unknown',
    deliverableCount: column.integer('deliverable_count') ?? 0,
    deliverables: texts(column.json('deliverables_json')),
    predicted: column.integer('predicted_output_tokens'),
    actual: column.integer('actual_output_tokens'),
    selectedBudget: column.integer('selected_budget'),
    actualMaxTokens: column.integer('actual_max_tokens'),
    success: column.boolean('success') ?? false,
    truncated: column.boolean('truncated') ?? false,
    stopReason: column.text('stop_reason'),
    model: column.text('model') ?? 'unknown',
  };
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

/** The events that a filter leaves. */
export interface EventSelection {
  /** Row ids, ascending. */
  readonly ids: Float64Array;
  /** How many events there are in all. */
  readonly of: number;
}

/** Finds the events that a filter leaves: by what is known of all of them, as of duplicates. Fails with `no-telemetry-table`. */
export function selectedEvents(context: QueryContext, filter: TelemetryFilter): EventSelection {
  const { samples } = telemetrySource(context);
  const passes = sampleTest(samples, filter);
  const ids = new NumberColumn((length) => new Float64Array(length));
  let at = 0;
  // Samples are read in the order of the row ids.
  context.db.each('SELECT rowid FROM token_estimation_v2_events ORDER BY rowid', [], ([id]) => {
    if (passes(at)) ids.push(Number(id));
    at += 1;
  });
  return { ids: ids.view().slice(), of: samples.count };
}
