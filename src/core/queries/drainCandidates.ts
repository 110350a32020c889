import type { ReadDatabase } from '../db/readDatabase.ts';
import { type Candidate, type DrainBacklog, type DrainScope, keyOf } from '../drain/candidate.ts';
import type { PhaseKey } from '../model/phase.ts';
import { normaliseState, type State } from '../model/state.ts';
import {
  candidateColumns,
  candidateFrom,
  eachOnce,
  isDrainable,
  textOf,
  tierIndexes,
} from './candidateRow.ts';
import { matchingPhases } from './matchingPhases.ts';
import type { QueryContext } from './queryContext.ts';
import { requirePhases } from './requirePhases.ts';

type Context = Pick<QueryContext, 'db' | 'schema'>;

/** From this share of the phases on, reading them all is faster than picking out the candidates. Measured on 100,000. */
const scanShare = 0.2;

/**
 * Reads what can be drained, and what a person must know before. States are matched in any letter case, by the stored
 * spellings, so that the index on the state is used. Throws `not-autopack` without a phases table.
 */
export function drainCandidates(context: Context, scope: DrainScope): DrainBacklog {
  const { db, schema } = context;
  requirePhases(schema);
  const about = {
    databaseIsEmpty: isEmpty(db, 'phases') && (!schema.hasTable('runs') || isEmpty(db, 'runs')),
    hasTelemetryTable: schema.hasTable('token_estimation_v2_events'),
    isMigrated: schema.hasTable('alembic_version'),
  };
  if (scope.kind === 'phases') {
    const chosen = chosenPhases(context, scope.keys);
    return { ...about, runIsKnown: true, ...chosen, otherQueued: otherQueued(context, chosen.candidates) };
  }
  const runId = scope.kind === 'run' ? scope.runId : null;
  const stored = storedStates(context, runId);
  const runIsKnown = runId === null || stored.length > 0 || hasRun(context, runId);
  const { match } = scope;
  if (match !== undefined) {
    const matching = matchingPhases(context, match, runId);
    const others = otherQueued(context, matching.candidates);
    return { ...about, runIsKnown, refused: [], ...matching, otherQueued: others };
  }
  return {
    ...about,
    runIsKnown,
    phaseStates: countByState(stored),
    candidates: candidatesIn(context, stored, runId),
    otherQueued: [],
    refused: [],
  };
}

interface StoredState {
  /** As stored. */
  readonly state: string | null;
  readonly count: number;
}

function storedStates({ db, schema }: Context, runId: string | null): StoredState[] {
  const [where, params] = runId === null ? ['', []] : ['WHERE run_id = ?', [runId]];
  return db
    .all(
      `SELECT ${schema.select('phases', ['state'])}, count(*) AS n FROM phases ${where} GROUP BY 1`,
      params,
    )
    .map(({ state, n }) => ({ state: textOf(state ?? null), count: Number(n) }));
}

function candidatesIn(context: Context, stored: readonly StoredState[], runId: string | null): Candidate[] {
  const { db, schema } = context;
  const tierIndexOf = tierIndexes(context, runId);
  const wanted = stored.filter(({ state }) => isDrainable(state));
  if (wanted.length === 0) return [];
  // Going through the whole table in its order is many times faster than jumping to most of its rows through an index.
  const access = runId === null && sizeOf(wanted) > sizeOf(stored) * scanShare ? 'NOT INDEXED' : '';
  const sql = `SELECT rowid, ${schema.select('phases', candidateColumns)} FROM phases ${access}
               WHERE state IN (${wanted.map(() => '?').join(', ')}) ${runId === null ? '' : 'AND run_id = ?'}`;
  const found: Candidate[] = [];
  db.each(sql, [...wanted.map(({ state }) => state), ...(runId === null ? [] : [runId])], (row) =>
    found.push(candidateFrom(row, tierIndexOf)),
  );
  return eachOnce(found);
}

function sizeOf(states: readonly StoredState[]): number {
  return states.reduce((sum, { count }) => sum + count, 0);
}

/** The QUEUED phases of the candidates' runs that are no candidates themselves. */
function otherQueued(context: Context, candidates: readonly Candidate[]): Candidate[] {
  const runs = new Set(candidates.map(({ runId }) => runId));
  const [only] = runs;
  const runId = runs.size === 1 && only !== undefined ? only : null;
  const queued = storedStates(context, runId).filter(({ state }) => normaliseState(state) === 'QUEUED');
  const own = new Set(candidates.map(keyOf));
  return runs.size === 0
    ? []
    : candidatesIn(context, queued, runId).filter((each) => runs.has(each.runId) && !own.has(keyOf(each)));
}

function chosenPhases(
  context: Context,
  keys: readonly PhaseKey[],
): Pick<DrainBacklog, 'phaseStates' | 'candidates' | 'refused'> {
  const { db, schema } = context;
  const tierIndexOf = tierIndexes(context, null);
  const candidates: Candidate[] = [];
  const refused: DrainBacklog['refused'][number][] = [];
  const states: StoredState[] = [];
  const sql = `SELECT rowid, ${schema.select('phases', candidateColumns)} FROM phases
               WHERE run_id = ? AND phase_id = ? ORDER BY rowid LIMIT 1`;
  for (const { runId, phaseId } of new Map(keys.map((key) => [keyOf(key), key])).values()) {
    let found: Candidate | null = null;
    db.each(sql, [runId, phaseId], (row) => (found = candidateFrom(row, tierIndexOf)));
    const phase = found as Candidate | null;
    if (phase !== null) states.push({ state: phase.state, count: 1 });
    if (phase !== null && isDrainable(phase.state)) candidates.push(phase);
    else refused.push({ runId, phaseId, state: phase?.state ?? null });
  }
  return { phaseStates: countByState(states), candidates, refused };
}

function countByState(stored: readonly StoredState[]): Record<State, number> {
  const counts: Record<State, number> = {};
  for (const { state, count } of stored) {
    const name = normaliseState(state);
    counts[name] = (counts[name] ?? 0) + count;
  }
  return counts;
}

function isEmpty(db: ReadDatabase, table: string): boolean {
  return db.all(`SELECT 1 FROM "${table}" LIMIT 1`).length === 0;
}

function hasRun({ db, schema }: Context, runId: string): boolean {
  return schema.hasTable('runs') && db.all('SELECT 1 FROM runs WHERE id = ?', [runId]).length > 0;
}
