import type { PhaseKey } from '../model/phase.ts';
import type { DrainResult } from './drainResult.ts';
import type { DrainSummary } from './drainSummary.ts';

/** What a drain tells while it runs. Every drain that does not throw ends with `stopped`. */
export type DrainProgress =
  | {
      readonly kind: 'session-started';
      readonly sessionId: string;
      /** Absolute. */
      readonly sessionPath: string;
      readonly executor: string;
      readonly candidates: number;
      /** How many executions are still to come at most. */
      readonly batchSize: number;
    }
  | { readonly kind: 'warning'; readonly message: string }
  | {
      readonly kind: 'phase-started';
      readonly key: PhaseKey;
      /** 1 for the first execution of this drain. */
      readonly number: number;
      readonly of: number;
      readonly attempt: number;
      /** Why this phase is next, in words. */
      readonly reason: string;
      /** Ms since the epoch. */
      readonly startedAt: number;
      readonly timeoutMs: number;
    }
  | { readonly kind: 'phase-finished'; readonly result: DrainResult }
  /** The first result of a run decided whether its other phases are worth their tokens. */
  | {
      readonly kind: 'run-judged';
      readonly runId: string;
      readonly promising: boolean;
      readonly reason: string;
    }
  /** `pausing` until the phase under way has ended, then `paused`, and `none` when it goes on. */
  | {
      readonly kind: 'pause-changed';
      readonly pause: DrainPause;
      /** Ms since the epoch. */
      readonly at: number;
    }
  | { readonly kind: 'stopped'; readonly summary: DrainSummary };

/** Whether a drain is held up by a person. */
export type DrainPause = (typeof drainPauses)[number];

/** All there are. */
export const drainPauses = ['none', 'pausing', 'paused'] as const;

/** Hears of progress; it must not throw and not wait. */
export type DrainListener = (progress: DrainProgress) => void;
