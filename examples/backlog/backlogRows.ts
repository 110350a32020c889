import type { Row } from '../../src/core/db/databasePorts.ts';
import { formatStoredTimestamp, parseTimestamp } from '../../src/core/model/timestamp.ts';
import { backlogPlans, type BacklogPhase } from './backlogPlans.ts';
import { type BacklogRun, backlogRuns, failureReasons } from './backlogRuns.ts';
import { type BacklogEvent, backlogEvents } from './backlogTelemetry.ts';

/** A row to be inserted, and where. */
export interface TableRow {
  readonly table: string;
  readonly values: Row;
}

/** A phase as a run left it. Tokens are those of its one model call. */
interface PhaseOutcome {
  readonly state: string;
  readonly failureReason: string | null;
  readonly attempts: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}

/** The model that the made-up project paid for. */
const model = 'lantern-builder-1';

const noIssues = { minor_issues_count: 0, major_issues_count: 0 };

/** All rows of a backlog of these runs and events, the same ones every time; the row ids of tiers and phases start at 1. */
export function backlogRows(
  runs: readonly BacklogRun[] = backlogRuns,
  events: readonly BacklogEvent[] = backlogEvents,
): TableRow[] {
  let tierCount = 0;
  let phaseCount = 0;
  const ofRuns = runs.flatMap((run) => {
    const plan: readonly BacklogPhase[] = backlogPlans[run.plan];
    const tiers = new Map<string, number>();
    for (const { tier } of plan) if (!tiers.has(tier)) tiers.set(tier, ++tierCount);
    const words = run.outcomes.split(' ');
    const phases = plan.map((phase, index) => {
      const id = ++phaseCount;
      const outcome = outcomeOf(words[index] ?? 'QUEUED', id, run, index);
      return { phase, outcome, ids: { id, tier_id: tiers.get(phase.tier) ?? 0, phase_index: index } };
    });
    return [
      runRow(run, sum(phases.map(({ outcome }) => tokensOf(outcome)))),
      ...[...tiers].map(([name, id], index) => tierRow(run, name, { id, tier_index: index })),
      ...phases.map(({ phase, outcome, ids }) => phaseRow(run, phase, outcome, ids)),
      ...phases.flatMap(({ phase, outcome }) => usageRows(run, phase, outcome)),
    ];
  });
  return [...ofRuns, ...events.map(eventRow)];
}

/** Spreads attempts, tokens and times over the phases by their ordinal: varied, and never different. */
function outcomeOf(word: string, ordinal: number, run: BacklogRun, index: number): PhaseOutcome {
  const reason = Object.entries(failureReasons).find(([name]) => name === word);
  const state = reason === undefined ? word : 'FAILED';
  const started = ['COMPLETE', 'FAILED', 'EXECUTING', 'GATE'].includes(state);
  const ended = state === 'COMPLETE' || state === 'FAILED';
  return {
    state,
    failureReason: reason?.[1] ?? null,
    attempts: word === 'attempts' ? 5 : started ? 1 + (ordinal % 3) : 0,
    inputTokens: ended ? 6000 + ((ordinal * 1777) % 23_000) : 0,
    outputTokens: ended ? 1500 + ((ordinal * 631) % 6800) : 0,
    startedAt: started ? minutesAfter(run.createdAt, 1 + index * 7) : null,
    endedAt: ended ? minutesAfter(run.createdAt, 6 + index * 7) : null,
  };
}

function runRow(run: BacklogRun, tokensUsed: number): TableRow {
  const begun = run.state !== 'queued' && run.state !== 'RUN_CREATED';
  const values = {
    id: run.id,
    state: run.state,
    created_at: run.createdAt,
    updated_at: begun ? minutesAfter(run.createdAt, 60) : run.createdAt,
    started_at: begun ? minutesAfter(run.createdAt, 1) : null,
    completed_at: run.state.startsWith('DONE_') ? minutesAfter(run.createdAt, 60) : null,
    safety_profile: 'normal',
    run_scope: 'multi_tier',
    token_cap: 500_000,
    max_phases: 25,
    max_duration_minutes: 60,
    tokens_used: tokensUsed,
    ci_runs_used: 0,
    ...noIssues,
    promotion_eligible_to_main: 'false',
    failure_reason: run.failureReason ?? null,
    goal_anchor: run.goal ?? null,
  };
  return { table: 'runs', values };
}

function tierRow(run: BacklogRun, name: string, ids: { id: number; tier_index: number }): TableRow {
  const values = {
    ...ids,
    tier_id: name === 'T1' ? name : `T${ids.tier_index + 1}-${name}`,
    run_id: run.id,
    name,
    state: run.state === 'DONE_SUCCESS' ? 'COMPLETE' : 'PENDING',
    max_major_issues_tolerated: 0,
    tokens_used: 0,
    ci_runs_used: 0,
    ...noIssues,
    cleanliness: 'clean',
    created_at: run.createdAt,
    updated_at: run.createdAt,
  };
  return { table: 'tiers', values };
}

function phaseRow(
  run: BacklogRun,
  phase: BacklogPhase,
  outcome: PhaseOutcome,
  ids: { id: number; tier_id: number; phase_index: number },
): TableRow {
  const values = {
    ...ids,
    phase_id: phase.phaseId,
    run_id: run.id,
    name: phase.name,
    description: `${phase.name}. Write ${phase.deliverables.join(' and ')}.`,
    state: outcome.state,
    task_category: phase.category,
    complexity: phase.complexity,
    builder_mode: outcome.attempts > 0 ? 'BUILD' : null,
    scope: JSON.stringify({ paths: [], read_only_context: [], deliverables: phase.deliverables }),
    builder_attempts: outcome.attempts,
    auditor_attempts: 0,
    tokens_used: tokensOf(outcome),
    ...noIssues,
    issue_state: 'no_issues',
    quality_blocked: outcome.state === 'GATE' ? 1 : 0,
    retry_attempt: Math.max(0, outcome.attempts - 1),
    revision_epoch: 0,
    escalation_level: 0,
    last_attempt_timestamp: outcome.startedAt,
    last_failure_reason: outcome.failureReason,
    created_at: run.createdAt,
    updated_at: outcome.endedAt ?? outcome.startedAt ?? run.createdAt,
    started_at: outcome.startedAt,
    completed_at: outcome.state === 'COMPLETE' ? outcome.endedAt : null,
  };
  return { table: 'phases', values };
}

/** One usage event for a phase that ended, and none for one that did not. */
function usageRows(run: BacklogRun, phase: BacklogPhase, outcome: PhaseOutcome): TableRow[] {
  if (outcome.endedAt === null) return [];
  const values = {
    provider: 'example',
    model,
    run_id: run.id,
    phase_id: phase.phaseId,
    role: 'builder',
    prompt_tokens: outcome.inputTokens,
    completion_tokens: outcome.outputTokens,
    created_at: outcome.endedAt,
    is_doctor_call: 0,
  };
  return [{ table: 'llm_usage_events', values }];
}

function eventRow(event: BacklogEvent): TableRow {
  const { predicted, actual } = event;
  const values = {
    run_id: event.runId,
    phase_id: event.phaseId,
    timestamp: event.at,
    category: event.category,
    complexity: event.complexity,
    deliverable_count: event.deliverables.length,
    deliverables_json: JSON.stringify(event.deliverables),
    predicted_output_tokens: predicted,
    actual_output_tokens: actual,
    selected_budget: event.budget,
    success: event.success ? 1 : 0,
    truncated: event.truncated ? 1 : 0,
    stop_reason: event.truncated ? 'max_tokens' : 'end_turn',
    model,
    smape_percent: (200 * Math.abs(predicted - actual)) / (predicted + actual),
    waste_ratio: predicted / actual,
    underestimated: actual > predicted ? 1 : 0,
    created_at: event.at,
  };
  return { table: 'token_estimation_v2_events', values };
}

function tokensOf({ inputTokens, outputTokens }: PhaseOutcome): number {
  return inputTokens + outputTokens;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function minutesAfter(stored: string, minutes: number): string {
  return formatStoredTimestamp((parseTimestamp(stored) ?? 0) + minutes * 60_000);
}
