import { drainableStates } from './candidate.ts';
import { type Choice, changedSkip, earlierQueuedSkip } from './candidateQueue.ts';
import type { DrainOptions } from './drainOptions.ts';
import type { DrainPorts, DrainTarget, LogPaths } from './drainPorts.ts';
import type { DrainResult } from './drainResult.ts';
import type { ExecutionRequest } from './executorPort.ts';
import { judgeExecution } from './judgeExecution.ts';
import { busyPatienceMs, patiently } from './lookAfter.ts';
import type { PhaseGlimpse, PhaseObservation } from './phaseObservation.ts';
import { firstQueued } from './runOrder.ts';
import type { Skip } from './skip.ts';

/** What a single phase is drained with. */
export interface PhaseDrain {
  readonly choice: Pick<Choice, 'candidate' | 'attempt'>;
  readonly sessionId: string;
  readonly options: DrainOptions;
  readonly target: DrainTarget;
  readonly ports: DrainPorts;
}

/** How it went with one phase. */
export type PhaseAttempt =
  /** Somebody else changed it since the drain began, so it was not executed. */
  | { readonly kind: 'changed'; readonly skip: Skip }
  | Executed
  /** It was executed, but the database cannot be read any more. */
  | { readonly kind: 'lost'; readonly result: DrainResult; readonly error: unknown };

/** An execution of one phase or more, and what their whole run is now. */
export interface Executed {
  readonly kind: 'executed';
  /** Of each phase that ran; the last is the one to hold the execution against. */
  readonly results: readonly DrainResult[];
  readonly phases: readonly PhaseGlimpse[];
  /** Whether the execution left anything in the database. */
  readonly leftTrace: boolean;
  /** Why no other phase can be executed, see `ExecutorPort.problem`; absent as a rule. */
  readonly problem?: string;
}

/** What is known right before an execution. */
export interface PhaseStart {
  readonly before: PhaseObservation & { readonly phase: PhaseGlimpse };
  readonly startedAt: number;
  readonly logs: LogPaths;
}

/**
 * Looks at a phase, executes it, looks again, and leaves it in a state that is true. `begin` is awaited right before
 * the execution. Throws only before the execution: `CancelledError`, or what the store or `begin` throw.
 */
export async function drainPhase(
  drain: PhaseDrain,
  begin: (start: PhaseStart) => Promise<void>,
  signal: AbortSignal,
): Promise<PhaseAttempt> {
  const { choice, ports, sessionId } = drain;
  const { candidate } = choice;
  const patience = ports.clock.now() + busyPatienceMs;
  const before = await patiently(() => ports.store.observe(candidate, null, signal), ports.clock, patience);
  const { phase } = before;
  if (phase === null || !drainableStates.includes(phase.state)) {
    return { kind: 'changed', skip: changedSkip(phase) };
  }
  if (ports.executor.runsFirstQueued === true) {
    // Somebody may have queued another since the drain was planned, and nobody agreed to that one.
    const first = firstQueued([...before.siblings, { ...phase, state: 'QUEUED' }]);
    if (first !== undefined && first.phaseId !== phase.phaseId) {
      return { kind: 'changed', skip: earlierQueuedSkip(first) };
    }
  }
  const logs = await ports.sessions.logPaths(sessionId, candidate, choice.attempt);
  const start = { before: { ...before, phase }, startedAt: ports.clock.now(), logs };
  await begin(start);
  const execution = await ports.executor.execute(requestOf(drain, start), signal);
  return judgeExecution(drain, start, execution);
}

/** What the executor is asked for. `timeoutMs` is counted from the start. */
export function requestOf(
  { choice, options, target }: PhaseDrain,
  { logs }: PhaseStart,
  timeoutMs = options.phaseTimeoutSeconds * 1000,
): ExecutionRequest {
  const { runId, phaseId } = choice.candidate;
  return { runId, phaseId, ...target, ...logs, timeoutMs };
}
