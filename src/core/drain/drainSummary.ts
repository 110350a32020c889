import type { PhaseKey } from '../model/phase.ts';
import type { PhaseYield } from '../model/phaseObservation.ts';
import type { DrainResult, OutcomeCounts } from './drainResult.ts';
import type { Skip } from './skips.ts';

/** Why a drain can end. */
export const drainStopKinds = [
  /** As many executions as asked for. */
  'batch-done',
  /** No candidate is left that the rules allow. */
  'nothing-left',
  'total-time',
  'token-budget',
  'cost-limit',
  'zero-yield-streak',
  /** The circuit breaker: one failure ended run after run. */
  'same-failure',
  /** The model provider refuses whatever is asked (key, quota), or the environment fails run after run. */
  'environment',
  'cancelled',
  /** The executor could not be started: no other phase would fare better. */
  'executor-unavailable',
  /** An execution left nothing in the database: it worked on another. */
  'no-trace',
  /** The database or the session could not be read or written any more. */
  'failed',
] as const;

/** One of {@link drainStopKinds}. */
export type DrainStopKind = (typeof drainStopKinds)[number];

/** Why a drain ended, in words. */
export interface DrainStop {
  readonly kind: DrainStopKind;
  readonly message: string;
  /** Whether the drain did all it was asked to; otherwise it can be resumed. */
  readonly complete: boolean;
}

/** Candidates left alone for the same reason. */
export interface SkipGroup extends Skip {
  readonly phases: readonly PhaseKey[];
}

/** What a drain came to. Times are ms since the epoch. */
export interface DrainSummary extends OutcomeCounts {
  /** `null` when there was nothing to drain, so that no session was made. */
  readonly sessionId: string | null;
  /** Absolute. */
  readonly sessionPath: string | null;
  readonly executor: string;
  readonly startedAt: number;
  readonly endedAt: number;
  /** How long it was at work, in ms: without pauses and the time between a stop and a resume. */
  readonly activeMs: number;
  readonly stop: DrainStop;
  /** Telemetry events in all. */
  readonly events: number;
  readonly yield: PhaseYield;
  readonly results: readonly DrainResult[];
  /** Every candidate that was not taken, by reason. */
  readonly notTaken: readonly SkipGroup[];
  readonly warnings: readonly string[];
  /** One sentence. */
  readonly nextStep: string;
}

/** Phases that are left alone, grouped by the reason, in the order of each reason's first phase. */
export function groupSkips(skips: readonly { readonly key: PhaseKey; readonly skip: Skip }[]): SkipGroup[] {
  const groups = new Map<string, { skip: Skip; phases: PhaseKey[] }>();
  for (const { key, skip } of skips) {
    const group = groups.get(skip.reason) ?? { skip, phases: [] };
    group.phases.push({ runId: key.runId, phaseId: key.phaseId });
    groups.set(skip.reason, group);
  }
  return [...groups.values()].map(({ skip, phases }) => ({ ...skip, phases }));
}
