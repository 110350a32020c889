import { ColumnReader } from '../db/columns.ts';
import type { Row, SqlValue } from '../db/readDatabase.ts';
import type { RunSummary } from '../model/run.ts';
import { normaliseState } from '../model/state.ts';
import type { QueryContext } from './queryContext.ts';
import { reuse } from './queryContext.ts';
import { rowIdRanges } from './rowIdRanges.ts';

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

/** Every row of the `runs` table, in no particular order. */
export function allRunRows(context: QueryContext): RunRow[] {
  const ranges = reuse(context, 'runs: ranges', (own) => rowIdRanges(own, 'runs'));
  if (ranges === null) return reuse(context, 'runs: all', (own) => select(own, '', []));
  return ranges.flatMap(({ from, step }) =>
    reuse(context, `runs: ${from} + ${step}`, (own) =>
      select(own, 'WHERE rowid >= ? AND rowid < ?', [from, from + step]),
    ),
  );
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
