import type { Row } from '../db/readDatabase.ts';

/** The columns of a phase that an execution writes: equal values mean that nobody touched the row. */
export const revisedColumns = [
  'state',
  'updated_at',
  'last_failure_reason',
  'tokens_used',
  'builder_attempts',
  'completed_at',
] as const;

/** What those columns hold, as one text: it differs when the row was changed in any of them. */
export function revisionOf(row: Row): string {
  return JSON.stringify(revisedColumns.map((column) => row[column] ?? null));
}
