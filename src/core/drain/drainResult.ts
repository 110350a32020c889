import type { ExecutionResult } from '../model/execution.ts';
import type { ModelSpend } from '../model/modelCall.ts';
import type { PhaseKey } from '../model/phase.ts';
import { tokensOf, type PhaseYield } from '../model/phaseObservation.ts';
import type { State } from '../model/state.ts';
import { keyOf } from '../queries/candidates.ts';
import type { AutopackResult } from './autopackSession.ts';
import type { ZeroYield } from './zeroYield.ts';

/** What one execution came to for a phase that ran in it. Times are ms since the epoch. */
export interface DrainResult extends PhaseKey {
  readonly phaseIndex: number;
  /** The phase that was asked for, where the executor ran this one instead; `null` as a rule. */
  readonly askedFor: string | null;
  /** The phase that an execution is held against, where this one ran in it as well; `null` as a rule. */
  readonly alongside: string | null;
  /** 1 for the first execution of this phase in this drain. */
  readonly attempt: number;
  readonly initialState: State;
  /** As the database says afterwards; `UNKNOWN` when it could not be read any more. */
  readonly finalState: State;
  /** The phase is COMPLETE. */
  readonly success: boolean;
  readonly outcome: ExecutionResult['outcome'];
  /** `null` when the child was ended by a signal or never started. */
  readonly exitCode: number | null;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly durationMs: number;
  /** `null` on success. */
  readonly error: string | null;
  /** `null` on success, and for a cancelled execution, which says nothing about the phase. */
  readonly fingerprint: string | null;
  readonly yield: PhaseYield;
  /** Tokens that its execution used besides, under other phases of its run or under no run. */
  readonly otherTokens: number;
  /** What its executor used of models, where that called them itself; absent otherwise. */
  readonly spend?: ModelSpend;
  /** `null` when there was telemetry. */
  readonly zeroYield: ZeroYield | null;
  /** Whether the output shows that a context or message limit of the model was hit, as Autopack records it. */
  readonly reachedModelLimit: boolean;
  /** Absolute. */
  readonly stdoutPath: string;
  readonly stderrPath: string;
  readonly stdoutTail: string;
  readonly stderrTail: string;
  /** What a person should know besides: another phase ran, events under a wrong run, a state set by the drain. */
  readonly notes: readonly string[];
  /** As Autopack's own controller recorded it, which then executed the phase; absent as a rule. */
  readonly reference?: AutopackResult;
}

/** Tokens that an execution used for sure, under whatever name. */
export function tokensUsed(result: Pick<DrainResult, 'yield' | 'otherTokens'>): number {
  return tokensOf(result.yield) + result.otherTokens;
}

/** How many executions of a drain ended how. Each is succeeded, failed, cancelled or interrupted. */
export interface OutcomeCounts {
  readonly processed: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Some of the failed, as a rule. */
  readonly timedOut: number;
  /** Cut short by a person: that says nothing about the phase. */
  readonly cancelled: number;
  /** Cut short by the death of the drain. */
  readonly interrupted: number;
}

type Ended = Pick<DrainResult, 'success' | 'outcome'>;

/** Counts how executions ended. */
export function countOutcomes(results: readonly Ended[]): OutcomeCounts {
  const count = (is: (result: Ended) => boolean): number => results.filter(is).length;
  return {
    processed: results.length,
    succeeded: count(({ success }) => success),
    failed: count(isFailure),
    timedOut: count(({ outcome }) => outcome === 'timed-out'),
    cancelled: count(({ success, outcome }) => !success && outcome === 'cancelled'),
    interrupted: count(({ success, outcome }) => !success && outcome === 'interrupted'),
  };
}

/** Whether an execution came to its end, but its phase is not COMPLETE. */
export function isFailure({ success, outcome }: Ended): boolean {
  return !success && outcome !== 'cancelled' && outcome !== 'interrupted';
}

/** The last result of each phase: what was tried again, or taken up again, counts as it ended. */
export function lastResults(results: readonly DrainResult[]): DrainResult[] {
  return [...new Map(results.map((result) => [keyOf(result), result])).values()];
}

/** Why there was no telemetry and what to do, in sentences; evidence that the error of the result tells already is left out. */
export function zeroYieldText({ evidence, advice }: ZeroYield, error: DrainResult['error']): string {
  // The one is read from the output, the other perhaps from the database, with more around it.
  if (error !== null && plain(error).includes(plain(evidence))) return advice;
  return `${/[.!?]$/.test(evidence) ? evidence : `${evidence}.`} ${advice}`;
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/(?<![.!?…])[.!?…]+$/, '');
}
