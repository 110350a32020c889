import type { ExecutionActivity } from '../model/executionHost.ts';
import type { PhaseKey } from '../model/phase.ts';
import { keyOf } from '../queries/candidates.ts';
import type { DrainResult } from './drainResult.ts';
import type { DrainSummary } from './drainSummary.ts';
import type { SharedWorker } from './sharedDrain.ts';

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
  /** What the phase under way is at, where its executor says. */
  | { readonly kind: 'phase-progress'; readonly key: PhaseKey; readonly activity: ExecutionActivity }
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
  /** Of a drain that several work on: who they are now, and what they are at. */
  | { readonly kind: 'workers-changed'; readonly workers: readonly SharedWorker[] }
  | { readonly kind: 'stopped'; readonly summary: DrainSummary };

/** Whether a drain is held up by a person. */
export type DrainPause = (typeof drainPauses)[number];

/** All there are. */
export const drainPauses = ['none', 'pausing', 'paused'] as const;

/** Called with progress; must not throw and not wait. */
export type DrainListener = (progress: DrainProgress) => void;

/** A drain under way, by its progress so far. Times are ms since the epoch. */
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
    /** What it is at; `null` where its executor has said nothing. */
    readonly activity: ExecutionActivity | null;
  } | null;
  /** Those who work on it together, where several do; none of a drain of one process. */
  readonly workers: readonly SharedWorker[];
  /** A person has asked for its end. */
  readonly isCancelling: boolean;
  readonly pause: DrainPause;
  /** When the pause it is in began; `null` while it is at work. */
  readonly pausedAt: number | null;
  /** How long the pauses before took, in ms. */
  readonly pausedMs: number;
}

/** A drain without progress yet. */
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
    workers: [],
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

/** The drain after more progress. */
export function applyProgress(drain: LiveDrain, progress: DrainProgress): LiveDrain {
  switch (progress.kind) {
    case 'session-started':
      return { ...drain, sessionId: progress.sessionId, expected: progress.batchSize };
    case 'phase-started': {
      const { key, startedAt, timeoutMs, reason } = progress;
      return {
        ...drain,
        expected: progress.of,
        ended: progress.number - 1,
        inFlight: { key, startedAt, timeoutMs, reason, activity: null },
      };
    }
    case 'phase-progress': {
      const { inFlight } = drain;
      const { key, activity } = progress;
      if (inFlight === null || keyOf(inFlight.key) !== keyOf(key)) return drain;
      return { ...drain, inFlight: { ...inFlight, activity } };
    }
    case 'phase-finished':
      return {
        ...drain,
        results: [...drain.results, progress.result],
        ended: drain.ended + 1,
        inFlight: isOf(drain, progress.result) ? null : drain.inFlight,
      };
    case 'pause-changed': {
      const { pause, at } = progress;
      const before = drain.pausedAt === null ? 0 : at - drain.pausedAt;
      return {
        ...drain,
        pause,
        pausedAt: pause === 'paused' ? at : null,
        pausedMs: drain.pausedMs + before,
      };
    }
    case 'workers-changed':
      return { ...drain, workers: progress.workers };
    case 'stopped':
      return { ...drain, inFlight: null, workers: [] };
    case 'warning':
    case 'run-judged':
      return drain;
  }
}

/** Whether a result ends the execution under way here; of other workers there may be results meanwhile. */
function isOf({ inFlight, workers }: LiveDrain, { runId, phaseId, askedFor }: DrainResult): boolean {
  if (inFlight === null || workers.length === 0) return true;
  return [phaseId, askedFor].some(
    (each) => each !== null && keyOf({ runId, phaseId: each }) === keyOf(inFlight.key),
  );
}

/** Lets a drain be paused: the phase under way is finished, and no other begun until the gate is opened again. */
export class PauseGate {
  #closed: { readonly opened: Promise<void>; readonly open: () => void } | null = null;
  #onChange: ((isClosed: boolean) => void) | null = null;

  get isClosed(): boolean {
    return this.#closed !== null;
  }

  close(): void {
    if (this.#closed !== null) return;
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    this.#closed = { opened, open };
    this.#onChange?.(true);
  }

  open(): void {
    if (this.#closed === null) return;
    const { open } = this.#closed;
    this.#closed = null;
    open();
    this.#onChange?.(false);
  }

  /** `onChange` is called with every change; `null` ends that. */
  watch(onChange: ((isClosed: boolean) => void) | null): void {
    this.#onChange = onChange;
  }

  /** Resolves once the gate is open, or when the signal fires. */
  async passed(signal: AbortSignal): Promise<void> {
    while (this.#closed !== null && !signal.aborted) {
      const { opened } = this.#closed;
      await new Promise<void>((resolve) => {
        const end = (): void => {
          signal.removeEventListener('abort', end);
          resolve();
        };
        signal.addEventListener('abort', end);
        void opened.then(end);
      });
    }
  }
}
