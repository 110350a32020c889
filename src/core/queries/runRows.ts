import { ColumnReader } from '../db/columns.ts';
import type { Row, SqlValue } from '../db/readDatabase.ts';
import type { RunSummary } from '../model/run.ts';
import { normaliseState } from '../model/state.ts';
import type { QueryContext } from './queryContext.ts';
import { reuse } from './queryContext.ts';

/** What the `runs` table itself says of a run. */
export type RunRow = Omit<RunSummary, 'phaseStates' | 'phaseCount'>;

const columns = [
  'id',
  'state',
  'created_at',
  'updated_at',
  'started_at',
  'completed_at',
  'token_cap',
  'tokens_used',
  'failure_reason',
  'goal_anchor',
];

/** Rows that are read, kept and read again together. */
const rowsTogether = 256;
const mostParts = 64;

/** Every row of the `runs` table, in no particular order. */
export function allRunRows(context: QueryContext): RunRow[] {
  const { first, last, step } = reuse(context, 'runs: ranges', rowIdRanges);
  if (step === null) return reuse(context, 'runs: all', (own) => select(own, '', []));
  const rows: RunRow[] = [];
  for (let from = first; from <= last; from += step) {
    const part = reuse(context, `runs: ${from} + ${step}`, (own) =>
      select(own, 'WHERE rowid >= ? AND rowid < ?', [from, from + step]),
    );
    rows.push(...part);
  }
  return rows;
}

/** The row of one run, `null` where there is none. */
export function runRow(context: QueryContext, runId: string): RunRow | null {
  return select(context, 'WHERE id = ?', [runId])[0] ?? null;
}

/** The row of a run of which only its phases tell. */
export function lostRunRow(id: string): RunRow {
  return {
    id,
    state: normaliseState(null),
    createdAt: null,
    updatedAt: null,
    startedAt: null,
    completedAt: null,
    tokenCap: null,
    tokensUsed: null,
    failureReason: null,
    goal: null,
  };
}

/** `step` is `null` where the rows are to be read at once: without row ids, or with none to speak of. */
function rowIdRanges({ db }: QueryContext): { first: number; last: number; step: number | null } {
  const whole = { first: 0, last: 0, step: null };
  const [table] = db.all(`SELECT wr FROM pragma_table_list WHERE schema = 'main' AND lower(name) = 'runs'`);
  if (table?.wr !== 0) return whole;
  const [range] = db.all('SELECT min(rowid) AS first, max(rowid) AS last FROM runs');
  const { first, last } = range ?? {};
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last)) return whole;
  const from = Math.floor(Number(first) / rowsTogether) * rowsTogether;
  const span = Number(last) - from + 1;
  const step = rowsTogether * 2 ** Math.max(0, Math.ceil(Math.log2(span / rowsTogether / mostParts)));
  return { first: from, last: Number(last), step };
}

function select(context: QueryContext, where: string, params: readonly SqlValue[]): RunRow[] {
  const { db, schema } = context;
  const sql = `SELECT ${schema.select('runs', columns)} FROM runs ${where}`;
  return db.all(sql, params).map((row) => toRunRow(context, row));
}

function toRunRow(context: QueryContext, row: Row): RunRow {
  const column = new ColumnReader('runs', row, context.warnings);
  return {
    id: column.text('id') ?? '',
    state: normaliseState(column.text('state')),
    createdAt: column.time('created_at'),
    updatedAt: column.time('updated_at'),
    startedAt: column.time('started_at'),
    completedAt: column.time('completed_at'),
    tokenCap: column.integer('token_cap'),
    tokensUsed: column.integer('tokens_used'),
    failureReason: column.text('failure_reason'),
    goal: column.text('goal_anchor'),
  };
}
