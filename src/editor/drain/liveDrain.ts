import type { DrainProgress } from '../../core/drain/drainProgress.ts';
import type { DrainResult } from '../../core/drain/drainResult.ts';
import type { PhaseKey } from '../../core/model/phase.ts';

/** A drain under way in this window, as far as it has told. Times are ms since the epoch. */
export interface LiveDrain {
  /** Absolute. */
  readonly databasePath: string;
  /** Absolute. */
  readonly workspaceFolder: string;
  readonly executor: string;
  readonly startedAt: number;
  /** `null` until the session is written. */
  readonly sessionId: string | null;
  /** How many executions there will be at most; 0 until known. */
  readonly expected: number;
  /** Of this drain; a resumed session had more before. */
  readonly results: readonly DrainResult[];
  /** How many executions of its session have ended, those before it was resumed included. */
  readonly ended: number;
  /** The phase being executed. */
  readonly inFlight: {
    readonly key: PhaseKey;
    readonly startedAt: number;
    readonly timeoutMs: number;
    /** Why this phase, in words. */
    readonly reason: string;
  } | null;
  /** A person has asked for its end. */
  readonly isCancelling: boolean;
}

/** The drain after it has told something more. */
export function hearProgress(drain: LiveDrain, told: DrainProgress): LiveDrain {
  switch (told.kind) {
    case 'session-started':
      return { ...drain, sessionId: told.sessionId, expected: told.batchSize };
    case 'phase-started': {
      const { key, startedAt, timeoutMs, reason } = told;
      return {
        ...drain,
        expected: told.of,
        ended: told.number - 1,
        inFlight: { key, startedAt, timeoutMs, reason },
      };
    }
    case 'phase-finished':
      return {
        ...drain,
        results: [...drain.results, told.result],
        ended: drain.ended + 1,
        inFlight: null,
      };
    case 'stopped':
      return { ...drain, inFlight: null };
    case 'warning':
    case 'run-judged':
      return drain;
  }
}
