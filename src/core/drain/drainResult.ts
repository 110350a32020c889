import type { PhaseKey } from '../model/phase.ts';
import type { State } from '../model/state.ts';
import type { ExecutionResult } from './executorPort.ts';
import type { ReferenceResult } from './referenceSession.ts';
import { type PhaseYield, tokensOf } from './phaseObservation.ts';
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
  /** `null` when there was telemetry. */
  readonly zeroYield: ZeroYield | null;
  /** Whether the output shows that a context or message limit of the model was hit, as the reference records it. */
  readonly reachedModelLimit: boolean;
  /** Absolute. */
  readonly stdoutPath: string;
  readonly stderrPath: string;
  readonly stdoutTail: string;
  readonly stderrTail: string;
  /** What a person should know besides: another phase ran, events under a wrong run, a state set by the drain. */
  readonly notes: readonly string[];
  /** As Autopack's own controller recorded it, which then executed the phase; absent as a rule. */
  readonly reference?: ReferenceResult;
}

/** Tokens that an execution used for sure, under whatever name. */
export function tokensUsed(result: Pick<DrainResult, 'yield' | 'otherTokens'>): number {
  return tokensOf(result.yield) + result.otherTokens;
}
