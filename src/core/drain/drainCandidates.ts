import type { ReadDatabase } from '../db/databasePorts.ts';
import type { QueryContext } from '../db/scan/queryContext.ts';
import type { PhaseKey } from '../model/phase.ts';
import { matchTest, type PhaseMatch } from '../model/phaseFilter.ts';
import { normaliseState, type State } from '../model/state.ts';
import {
  keyOf,
  candidateColumns,
  candidateFrom,
  eachOnce,
  isDrainable,
  textOf,
  tierIndexes,
  type Candidate,
  type DrainBacklog,
  type DrainScope,
} from '../queries/candidates.ts';
import { requirePhases } from '../queries/phases.ts';

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

/** What a match looks at besides. */
const matchColumns = ['name', 'task_category', 'complexity'];

/**
 * The phases that match, of one run or with `null` of all. Every row is read, whatever its state: what matches but cannot
 * be drained is told of, too.
 */
function matchingPhases(
  context: Pick<QueryContext, 'db' | 'schema'>,
  match: PhaseMatch,
  runId: string | null,
): Pick<DrainBacklog, 'phaseStates' | 'candidates'> {
  const { db, schema } = context;
  const matches = matchTest(match);
  const tierIndexOf = tierIndexes(context, runId);
  const sql = `SELECT rowid, ${schema.select('phases', [...candidateColumns, ...matchColumns])} FROM phases
               ${runId === null ? 'NOT INDEXED' : 'WHERE run_id = ?'}`;
  const found: Candidate[] = [];
  const phaseStates: Record<State, number> = {};
  db.each(sql, runId === null ? [] : [runId], (row) => {
    const phase = candidateFrom(row, tierIndexOf);
    const [name = null, category = null, complexity = null] = row
      .slice(1 + candidateColumns.length)
      .map(textOf);
    if (!matches({ ...phase, name: name ?? '', category, complexity })) return;
    phaseStates[phase.state] = (phaseStates[phase.state] ?? 0) + 1;
    if (isDrainable(phase.state)) found.push(phase);
  });
  return { phaseStates, candidates: eachOnce(found) };
}
