import type { PhaseKey } from '../model/phase.ts';

/** A phase that nobody seems to be at work on. */
export interface StalePhase extends PhaseKey {
  /** `EXECUTING`: begun and never ended. `QUEUED`: left over in a run that was begun. */
  readonly state: 'QUEUED' | 'EXECUTING';
  /** When it, or for a QUEUED one its run, last changed: ms since the epoch, `null` if nothing says. */
  readonly since: number | null;
}

/** What was found when looking for stale phases. */
export interface StaleReport {
  readonly stale: readonly StalePhase[];
  /** Old enough to be stale, but a running program is at work on them. */
  readonly workedOn: readonly StalePhase[];
  /** QUEUED phases of runs that nobody began: they wait to be drained, as they should. */
  readonly waiting: number;
}

/** A running program that works on phases. */
export interface PhaseWorker {
  readonly pid: number;
  /** Its command line, shortened, for a person. */
  readonly command: string;
  /** The run it was told to work on; `null` if that may be any. */
  readonly runId: string | null;
  readonly phaseId: string | null;
  /** The path or URL of a database on its command line, as given there. */
  readonly database: string | null;
}

/** Stale phases, and the programs that may be at work. */
export interface StaleFindings extends StaleReport {
  /** Ms since the epoch: without a change since then. */
  readonly before: number;
  /** `null` where processes cannot be listed, so that nobody knows. */
  readonly workers: readonly PhaseWorker[] | null;
}

/** Whether a program may be at work on a phase. One of which no run is known may be at any. */
export function worksOn(worker: PhaseWorker, { runId, phaseId }: PhaseKey): boolean {
  return (worker.runId ?? runId) === runId && (worker.phaseId ?? phaseId) === phaseId;
}

/** Sets aside the phases that some program works on. */
export function withoutWorkedOn(found: StaleReport, workers: readonly PhaseWorker[]): StaleReport {
  const isWorkedOn = (phase: PhaseKey): boolean => workers.some((worker) => worksOn(worker, phase));
  return {
    ...found,
    stale: found.stale.filter((phase) => !isWorkedOn(phase)),
    workedOn: [...found.workedOn, ...found.stale.filter(isWorkedOn)],
  };
}

/** `3 EXECUTING, 2 QUEUED`. */
export function staleCountsText(stale: readonly StalePhase[]): string {
  const count = (state: StalePhase['state']): number => stale.filter((each) => each.state === state).length;
  return (['EXECUTING', 'QUEUED'] as const)
    .filter((state) => count(state) > 0)
    .map((state) => `${count(state)} ${state}`)
    .join(', ');
}
