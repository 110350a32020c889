import type { SqlValue } from '../db/readDatabase.ts';
import { formatStoredTimestamp } from '../model/timestamp.ts';
import type { PlannedPhase, SeedPlan } from './seedPlan.ts';

/** The columns of a row to insert. */
export type SeedRow = Readonly<Record<string, SqlValue>>;

const unused = { tokens_used: 0, minor_issues_count: 0, major_issues_count: 0 };

/** The run's row as the reference writes it; `now` in ms since the epoch. */
export function runRow(plan: SeedPlan, now: number): SeedRow {
  return {
    ...times(now),
    ...unused,
    id: plan.runId,
    state: 'RUN_CREATED',
    safety_profile: 'normal',
    run_scope: 'multi_tier',
    token_cap: plan.tokenCap,
    max_phases: plan.maxPhases,
    max_duration_minutes: plan.maxDurationMinutes,
    ci_runs_used: 0,
    promotion_eligible_to_main: 'false',
  };
}

/** The row of the run's one tier. */
export function tierRow(plan: SeedPlan, now: number): SeedRow {
  return {
    ...times(now),
    ...unused,
    tier_id: plan.tier.tierId,
    run_id: plan.runId,
    tier_index: 0,
    name: plan.tier.name,
    description: plan.tier.description,
    state: 'PENDING',
    token_cap: plan.tokenCap,
    ci_run_cap: plan.tier.ciRunCap,
    max_major_issues_tolerated: 0,
    ci_runs_used: 0,
    cleanliness: 'clean',
  };
}

/** The row of one phase; `tierRowId` is the row id of its tier. */
export function phaseRow(
  plan: SeedPlan,
  phase: PlannedPhase,
  index: number,
  tierRowId: SqlValue,
  now: number,
): SeedRow {
  return {
    ...times(now),
    ...unused,
    phase_id: phase.phaseId,
    run_id: plan.runId,
    tier_id: tierRowId,
    phase_index: index,
    name: phase.name,
    description: phase.description,
    state: 'QUEUED',
    task_category: phase.category,
    complexity: phase.complexity,
    scope: scopeJson(plan.paths, phase),
    max_builder_attempts: plan.maxBuilderAttempts,
    max_auditor_attempts: plan.maxAuditorAttempts,
    incident_token_cap: plan.incidentTokenCap,
    builder_attempts: 0,
    auditor_attempts: 0,
    issue_state: 'no_issues',
    quality_blocked: 0,
    retry_attempt: 0,
    revision_epoch: 0,
    escalation_level: 0,
  };
}

function times(now: number): SeedRow {
  const time = formatStoredTimestamp(now);
  return { created_at: time, updated_at: time };
}

/** Spaced as Python's `json` does, so that the text equals what the reference stores. */
function scopeJson(paths: readonly string[], phase: PlannedPhase): string {
  const list = (items: readonly string[]) => `[${items.map((item) => JSON.stringify(item)).join(', ')}]`;
  const { readOnlyContext, deliverables } = phase;
  return `{"paths": ${list(paths)}, "read_only_context": ${list(readOnlyContext)}, "deliverables": ${list(deliverables)}}`;
}
