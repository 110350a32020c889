import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import type { Client } from 'pg';
import type { SyncedReplica } from '../../../src/node/postgres/replica.ts';

/** The largest table of events. */
export const estimation = 'token_estimation_v2_events';

/** Rows by table as text, which are the same on the server and in the replica. */
const contentQueries = [
  `SELECT id, state, tokens_used, failure_reason FROM runs ORDER BY id`,
  `SELECT id, run_id, phase_id, state, tokens_used, last_failure_reason FROM phases ORDER BY id`,
  `SELECT event_id, run_id, phase_id, actual_output_tokens, model FROM ${estimation} ORDER BY event_id`,
  `SELECT id, run_id, total_tokens, model FROM llm_usage_events ORDER BY id`,
];

/** Throws where a replica has other rows than the server. */
export async function assertSameRows(server: Client, replica: SyncedReplica): Promise<void> {
  const db = new DatabaseSync(replica.path, { readOnly: true });
  try {
    for (const sql of contentQueries) {
      const { rows } = await server.query<Record<string, unknown>>(sql);
      assert.deepEqual(
        db
          .prepare(sql)
          .all()
          .map((row) => ({ ...row })),
        rows,
        sql,
      );
    }
  } finally {
    db.close();
  }
}

/** Adds runs with five phases each, by their numbers. */
export const addRuns = (from: number, to: number): string => `
  INSERT INTO runs (id, state, created_at, updated_at, safety_profile, run_scope, token_cap, max_phases, max_duration_minutes,
    tokens_used, ci_runs_used, minor_issues_count, major_issues_count, promotion_eligible_to_main)
  SELECT 'run-' || i, 'PHASE_QUEUEING', now(), now(), 'normal', 'multi_tier', 1, 1, 1, 0, 0, 0, 0, 'false' FROM generate_series(${from}, ${to}) i;
  INSERT INTO tiers (id, tier_id, run_id, tier_index, name, state, max_major_issues_tolerated, tokens_used, ci_runs_used,
    minor_issues_count, major_issues_count, cleanliness, created_at, updated_at)
  SELECT i, 'T1', 'run-' || i, 0, 'Tier', 'PENDING', 0, 0, 0, 0, 0, 'clean', now(), now() FROM generate_series(${from}, ${to}) i;
  INSERT INTO phases (phase_id, run_id, tier_id, phase_index, name, state, builder_attempts, auditor_attempts, tokens_used,
    minor_issues_count, major_issues_count, issue_state, quality_blocked, retry_attempt, revision_epoch, escalation_level,
    created_at, updated_at)
  SELECT 'phase-' || p, 'run-' || i, i, p, 'Phase', 'QUEUED', 0, 0, 0, 0, 0, 'no_issues', false, 0, 0, 0, now(), now()
  FROM generate_series(${from}, ${to}) i, generate_series(1, 5) p;`;

/** Adds events of a phase. */
export const addEvents = (count: number): string => `
  INSERT INTO ${estimation} (run_id, phase_id, timestamp, category, complexity, deliverable_count, deliverables_json,
    predicted_output_tokens, actual_output_tokens, selected_budget, success, truncated, model, is_truncated_output, created_at)
  SELECT run_id, phase_id, now(), 'tests', 'low', 1, '[]', 10, g, 20, true, false, E'tab\\t back\\\\ line\\n ü', false, now()
  FROM (SELECT run_id, phase_id FROM phases ORDER BY random() LIMIT 1) p, generate_series(1, ${count}) g;
  INSERT INTO llm_usage_events (provider, model, run_id, phase_id, role, total_tokens, created_at, is_doctor_call)
  SELECT 'a', 'm', run_id, phase_id, 'builder', 5, now(), false FROM phases ORDER BY random() LIMIT 3;`;
