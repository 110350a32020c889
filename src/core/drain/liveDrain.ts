import type { DrainPause, DrainProgress } from './drainProgress.ts';
import type { DrainResult } from './drainResult.ts';
import type { PhaseKey } from '../model/phase.ts';

/** A drain under way, as far as it has told. Times are ms since the epoch. */
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
  readonly pause: DrainPause;
  /** When the pause it is in began; `null` while it is at work. */
  readonly pausedAt: number | null;
  /** How long the pauses before took, in ms. */
  readonly pausedMs: number;
}

/** A drain that has told nothing yet. */
export function newLiveDrain(
  about: Pick<LiveDrain, 'databasePath' | 'workspaceFolder' | 'executor' | 'startedAt'>,
): LiveDrain {
  const { databasePath, workspaceFolder, executor, startedAt } = about;
  return {
    databasePath,
    workspaceFolder,
    executor,
    startedAt,
    sessionId: null,
    expected: 0,
    results: [],
    ended: 0,
    inFlight: null,
    isCancelling: false,
    pause: 'none',
    pausedAt: null,
    pausedMs: 0,
  };
}

/** How long a drain has been at work at `now` (ms since the epoch), in ms: without its pauses. */
export function workedMs({ startedAt, pausedAt, pausedMs }: LiveDrain, now: number): number {
  return Math.max(0, (pausedAt ?? now) - startedAt - pausedMs);
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
    case 'pause-changed': {
      const { pause, at } = told;
      const before = drain.pausedAt === null ? 0 : at - drain.pausedAt;
      return {
        ...drain,
        pause,
        pausedAt: pause === 'paused' ? at : null,
        pausedMs: drain.pausedMs + before,
      };
    }
    case 'stopped':
      return { ...drain, inFlight: null };
    case 'warning':
    case 'run-judged':
      return drain;
  }
}
