import { hostname } from 'node:os';
import { parsePostgresUrl } from '../../../src/core/db/postgresUrl.ts';
import { resolveDrainOptions, type DrainRequest } from '../../../src/core/drain/drainOptions.ts';
import type { DrainResult } from '../../../src/core/drain/drainResult.ts';
import type { PhaseKey } from '../../../src/core/model/phase.ts';
import { noYield } from '../../../src/core/model/phaseObservation.ts';
import { PostgresConnection } from '../../../src/node/postgres/connection.ts';
import { addDrain, addWorker, type Participant } from '../../../src/node/postgres/drainRows.ts';
import { makeDrainTables } from '../../../src/node/postgres/drainTables.ts';
import {
  defaultRetryLimits,
  RetryingConnection,
  type RetryLimits,
} from '../../../src/node/postgres/retryingConnection.ts';
import { PostgresSharedDrain } from '../../../src/node/postgres/postgresSharedDrain.ts';
import { createAutopackTables } from './loadDatabase.ts';
import type { PostgresServer } from './postgresServer.ts';

/** A database of the owner with Autopack's tables and QUEUED phases; returns its URL. */
export async function backlogOn(
  server: PostgresServer,
  name: string,
  { runs, phases }: { readonly runs: number; readonly phases: number },
): Promise<string> {
  await server.createDatabase(name);
  await server.withClient(
    name,
    async (client) => {
      await createAutopackTables(client);
      await client.query(`
        INSERT INTO runs (id, state, created_at, updated_at, safety_profile, run_scope, token_cap, max_phases,
          max_duration_minutes, tokens_used, ci_runs_used, minor_issues_count, major_issues_count, promotion_eligible_to_main)
        SELECT 'run-' || n, 'PHASE_QUEUEING', now(), now(), 'normal', 'multi_tier', 100000, 100, 60, 0, 0, 0, 0, 'false'
        FROM generate_series(1, ${runs}) n`);
      await client.query(`
        INSERT INTO tiers (id, tier_id, run_id, tier_index, name, state, tokens_used, ci_runs_used, minor_issues_count,
          major_issues_count, max_major_issues_tolerated, cleanliness, created_at, updated_at)
        SELECT n, 'T1', 'run-' || n, 0, 'tier', 'PENDING', 0, 0, 0, 0, 0, 'clean', now(), now()
        FROM generate_series(1, ${runs}) n`);
      await client.query(`
        INSERT INTO phases (phase_id, run_id, tier_id, phase_index, name, description, state, task_category, complexity,
          builder_attempts, auditor_attempts, tokens_used, minor_issues_count, major_issues_count, issue_state,
          quality_blocked, retry_attempt, revision_epoch, escalation_level, created_at, updated_at)
        SELECT 'phase-' || p, 'run-' || n, n, p, 'phase ' || p, 'Do it.', 'QUEUED', 'implementation', 'low',
          0, 0, 0, 0, 0, 'no_issues', false, 0, 0, 0, now(), now()
        FROM generate_series(1, ${runs}) n, generate_series(1, ${phases}) p`);
      await client.query('ANALYZE');
    },
    'owner',
  );
  return server.url(name);
}

/** A connection to a database by its URL, as the product makes it. */
export function retryingConnection(
  url: string,
  limits: RetryLimits = defaultRetryLimits,
): RetryingConnection {
  const target = parsePostgresUrl(url, { user: 'autopack' });
  return new RetryingConnection(() => PostgresConnection.open(target, { isReadOnly: false }), limits);
}

/** What a test asks of a drain of its own. */
export interface TestDrain {
  readonly id: string;
  readonly leaseMs: number;
  readonly options?: DrainRequest;
}

/** Makes the row of a drain, and that of one who leads it and is never out of hearing, if it is to be joined. */
export async function beginSharedDrain(
  url: string,
  { id, leaseMs, options = {} }: TestDrain,
  isLed = false,
): Promise<void> {
  const connection = retryingConnection(url);
  const drain = { id, databaseId: 'test', executor: 'test', leaseMs, options: resolveDrainOptions(options) };
  await connection.do(makeDrainTables);
  await connection.transaction(async (each) => {
    await addDrain(each, drain);
    if (!isLed) return;
    await addWorker(each, id, { role: 'leader', host: hostname(), pid: process.pid, endpoint: null });
    await each.run(`UPDATE autopack_hygiene.workers SET seen_at = 'infinity'`);
  });
  await connection.close();
}

/** Takes part in it. */
export function joinSharedDrain(
  url: string,
  { id, leaseMs, options = {} }: TestDrain,
  limits: RetryLimits = defaultRetryLimits,
  role: Participant['role'] = 'worker',
): Promise<PostgresSharedDrain> {
  const drain = { id, leaseMs, options: resolveDrainOptions(options) };
  const participant = { role, host: hostname(), pid: process.pid, endpoint: null };
  return PostgresSharedDrain.join(retryingConnection(url, limits), drain, participant);
}

/** A result as an executor that succeeds comes to. */
export function successOf({ runId, phaseId }: PhaseKey, change: Partial<DrainResult> = {}): DrainResult {
  const now = Date.now();
  return {
    ...{ runId, phaseId, phaseIndex: 0, askedFor: null, alongside: null, attempt: 1, initialState: 'QUEUED' },
    ...{
      finalState: 'COMPLETE',
      success: true,
      outcome: 'exited',
      exitCode: 0,
      startedAt: now,
      finishedAt: now,
    },
    ...{ durationMs: 1, error: null, fingerprint: null, yield: noYield, otherTokens: 0, zeroYield: null },
    ...{
      reachedModelLimit: false,
      stdoutPath: '',
      stderrPath: '',
      stdoutTail: '',
      stderrTail: '',
      notes: [],
    },
    ...change,
  };
}
