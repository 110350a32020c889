import * as z from 'zod';
import type { QueryContext } from '../../db/scan/queryContext.ts';
import { parseJsonText } from '../../text/decodeText.ts';

const count = z.number().int().nonnegative();
const record = z.object({
  timestamp: z.string(),
  database_url: z.string(),
  run_id: z
    .string()
    .nullish()
    .transform((id) => id ?? null),
  label: z.string(),
  counts: z.object({ token_estimation_v2_events: count, token_budget_escalation_events: count }),
});

/** A line of `telemetry_counts.jsonl`, with Autopack's keys. `run_id` is `null` for the whole database. */
export type CountsRecord = Readonly<z.infer<typeof record>>;

/** How many events of each kind there are. */
export type EventCounts = CountsRecord['counts'];

/** A line as written, ending with a line break. */
export function formatCountsRecord({ timestamp, database_url, run_id, label, counts }: CountsRecord): string {
  return `${JSON.stringify({ timestamp, database_url, run_id, label, counts })}\n`;
}

/** The records of a file in their order; lines that are none are left out and counted. */
export function parseCountsRecords(text: string): {
  readonly records: readonly CountsRecord[];
  readonly unreadable: number;
} {
  const records: CountsRecord[] = [];
  let unreadable = 0;
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const parsed = record.safeParse(parseJson(line));
    if (parsed.success) records.push(parsed.data);
    else unreadable += 1;
  }
  return { records, unreadable };
}

/** How many events of each kind `after` has more than `before`. */
export function countsDifference(before: EventCounts, after: EventCounts): EventCounts {
  return {
    token_estimation_v2_events: after.token_estimation_v2_events - before.token_estimation_v2_events,
    token_budget_escalation_events:
      after.token_budget_escalation_events - before.token_budget_escalation_events,
  };
}

function parseJson(line: string): unknown {
  try {
    return parseJsonText(line);
  } catch {
    return null;
  }
}

/** How many telemetry events a run has, or the whole database; a missing table has none. */
export function eventCounts(
  context: QueryContext,
  { runId }: { readonly runId: string | null },
): EventCounts {
  return {
    token_estimation_v2_events: countRows(context, 'token_estimation_v2_events', runId),
    token_budget_escalation_events: countRows(context, 'token_budget_escalation_events', runId),
  };
}

function countRows({ db, schema }: QueryContext, table: string, runId: string | null): number {
  if (!schema.hasTable(table) || (runId !== null && !schema.hasColumn(table, 'run_id'))) return 0;
  const [row] =
    runId === null
      ? db.all(`SELECT count(*) AS n FROM ${table}`)
      : db.all(`SELECT count(*) AS n FROM ${table} WHERE run_id = ?`, [runId]);
  return Number(row?.n ?? 0);
}
