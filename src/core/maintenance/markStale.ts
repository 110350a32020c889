import type { WriteDatabase, WriteOperation, ReadDatabase, Row } from '../db/databasePorts.ts';
import { TolerantSchema } from '../db/tolerantSchema.ts';
import { subjectOfPhases } from '../identity/journalEntry.ts';
import type { StalePhase, StaleReport } from '../identity/stalePhase.ts';
import { normaliseState } from '../model/state.ts';
import { parseTimestamp } from '../model/timestamp.ts';
import { keyOf } from '../queries/candidates.ts';
import { failPhase } from './failPhase.ts';

/**
 * Sets the phases FAILED that a person agreed to, with a reason; returns how many. Those that somebody changed since are
 * left alone: what is stale is looked up again, here with the lock held. Times are ms since the epoch.
 */
function markStale(
  db: WriteDatabase,
  agreed: readonly StalePhase[],
  { before, now }: { readonly before: number; readonly now: number },
): number {
  const still = stalePhases({ db, schema: TolerantSchema.read(db) }, before, now).stale;
  const states = new Map(still.map((phase) => [keyOf(phase), phase.state]));
  return agreed.filter((phase) => {
    if (states.get(keyOf(phase)) !== phase.state) return false;
    return failPhase(db, phase, staleReason(phase), phase.state, now);
  }).length;
}

/** {@link markStale} as the writer takes it. */
export const markStaleOperation: WriteOperation<
  { readonly stale: readonly StalePhase[]; readonly before: number; readonly now: number },
  number
> = {
  name: 'mark-stale',
  run: (db, { stale, ...times }) => markStale(db, stale, times),
  needs: ({ stale }) => ({ runs: [...new Set(stale.map(({ runId }) => runId))], tables: 'work' }),
  subject: ({ stale }) => subjectOfPhases(stale),
};

/** What is written as the reason of the failure. */
function staleReason({ state, since }: StalePhase): string {
  const when = since === null ? 'an unknown time' : new Date(since).toISOString();
  return `STALE: ${state} without a change since ${when}, and no program was at work on it`;
}

/** How far the clock of another machine may be ahead, in ms. */
const skewMs = 5 * 60_000;

/** States of a run in which somebody has begun its phases. */
const begunRuns = new Set(['PHASE_EXECUTION', 'GATE', 'CI_RUNNING', 'SNAPSHOT_CREATED']);

interface RunActivity {
  readonly queued: PhaseTimes[];
  begun: boolean;
  /** Ms since the epoch; `null` where no phase says when it changed. */
  lastChange: number | null;
}

interface PhaseTimes {
  readonly runId: string;
  readonly phaseId: string;
}

/**
 * The phases that have been EXECUTING, or QUEUED in a run that was begun, without a change since `before` (ms since the
 * epoch). A time after `now` tells no age, and counts as none. Whether a program works on them is not known here. Without a phases table there are none.
 */
export function stalePhases(
  { db, schema }: { readonly db: Pick<ReadDatabase, 'all'>; readonly schema: TolerantSchema },
  before: number,
  now = Date.now(),
): StaleReport {
  const stale: StalePhase[] = [];
  const runs = new Map<string, RunActivity>();
  const isOld = (since: number | null): boolean => since === null || since < before;
  const begun = begunRunIds(db, schema);
  for (const row of phaseRows(db, schema)) {
    const [runId, phaseId] = [text(row.run_id), text(row.phase_id)];
    const state = normaliseState(typeof row.state === 'string' ? row.state : null);
    const since = latest(row, now + skewMs);
    const run = runs.get(runId) ?? { queued: [], begun: begun.has(runId), lastChange: null };
    runs.set(runId, run);
    run.lastChange = later(run.lastChange, since);
    if (state === 'QUEUED') run.queued.push({ runId, phaseId });
    else run.begun = true;
    if (state === 'EXECUTING' && isOld(since)) stale.push({ runId, phaseId, state, since });
  }
  let waiting = 0;
  for (const { queued, begun: isBegun, lastChange } of runs.values()) {
    if (!isBegun) waiting += queued.length;
    else if (isOld(lastChange)) {
      stale.push(...queued.map((key) => ({ ...key, state: 'QUEUED' as const, since: lastChange })));
    }
  }
  return { stale, workedOn: [], waiting };
}

function phaseRows(db: Pick<ReadDatabase, 'all'>, schema: TolerantSchema): Row[] {
  if (!schema.hasTable('phases')) return [];
  const columns = [
    'run_id',
    'phase_id',
    'state',
    'updated_at',
    'last_attempt_timestamp',
    'started_at',
    'created_at',
  ];
  return db.all(`SELECT ${schema.select('phases', columns)} FROM phases`);
}

function begunRunIds(db: Pick<ReadDatabase, 'all'>, schema: TolerantSchema): Set<string> {
  if (!schema.hasColumn('runs', 'id')) return new Set();
  const rows = db.all(`SELECT ${schema.select('runs', ['id', 'state'])} FROM runs`);
  const isBegun = ({ state }: Row): boolean =>
    begunRuns.has(normaliseState(typeof state === 'string' ? state : null));
  return new Set(rows.filter(isBegun).map(({ id }) => text(id)));
}

/** The last of the times a phase has, up to `end`. */
function latest(
  { updated_at, last_attempt_timestamp, started_at, created_at }: Row,
  end: number,
): number | null {
  const times = [updated_at, last_attempt_timestamp, started_at, created_at].map((value) =>
    typeof value === 'string' ? parseTimestamp(value) : null,
  );
  return times.filter((time) => time === null || time <= end).reduce(later, null);
}

function later(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}

function text(value: Row[string] | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
