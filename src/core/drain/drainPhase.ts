import { serializeError } from '../errors.ts';
import { drainableStates } from './candidate.ts';
import { type Choice, changedSkip, earlierQueuedSkip } from './candidateQueue.ts';
import type { DrainOptions } from './drainOptions.ts';
import type { DrainPorts, DrainTarget, LogPaths } from './drainPorts.ts';
import type { DrainResult } from './drainResult.ts';
import { endStranded, putBack, type SettledPhase } from './endStranded.ts';
import { causeBeyondPhase } from './environmentFailure.ts';
import type { ExecutionRequest, ExecutionResult } from './executorPort.ts';
import { busyPatienceMs, lookAfter, patiently } from './lookAfter.ts';
import type { PhaseGlimpse, PhaseObservation } from './phaseObservation.ts';
import { type ExecutedPhase, lostResult, phaseResult } from './phaseResult.ts';
import { firstQueued } from './runOrder.ts';
import type { Skip } from './skip.ts';
import { isNamed, leftTrace, type PhaseChange, whatRan } from './whatRan.ts';

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

/** A phase that was executed, and what its whole run is now. */
export interface Executed {
  readonly kind: 'executed';
  readonly result: DrainResult;
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

/** After an execution: what the database says, set right where nobody works on a phase any more. Never throws. */
export async function judgeExecution(
  drain: PhaseDrain,
  { before, startedAt, logs }: PhaseStart,
  execution: ExecutionResult,
): Promise<PhaseAttempt> {
  const { choice, options, ports } = drain;
  const timeoutSeconds = options.phaseTimeoutSeconds;
  const executed: ExecutedPhase = {
    choice,
    execution,
    logs,
    startedAt,
    finishedAt: ports.clock.now(),
    timeoutSeconds,
  };
  let seen: PhaseObservation;
  try {
    seen = await lookAfter(choice.candidate, before, execution, ports);
  } catch (error) {
    return { kind: 'lost', result: lostResult(executed, serializeError(error).message), error };
  }
  const ran = whatRan(choice.candidate.runId, before.phase, before, seen, execution);
  const main = await mend(drain, ran.main, execution);
  const notes = [...main.notes];
  const settled = [main.after];
  for (const other of ran.others) {
    const mended = await mend(drain, other, execution);
    notes.push(...mended.notes);
    settled.push(mended.after);
  }
  const result = phaseResult(executed, ran, main.after, seen, notes);
  const problem = result.success ? null : ((await ports.executor.problem?.()) ?? null);
  if (problem !== null) {
    const isQueued = main.after === null || main.after.state === 'QUEUED';
    const back = isQueued ? main : await putBack(choice.candidate.runId, main.after, ports);
    const finalState = back.after?.state ?? result.finalState;
    return {
      kind: 'executed',
      // It says nothing about the phase: nobody can tell what would have come of it.
      result: {
        ...result,
        ...{ outcome: 'interrupted', error: problem, fingerprint: null, finalState },
        notes: isQueued ? result.notes : [...result.notes, ...back.notes],
      },
      phases: overlaid(seen, [...settled, back.after]),
      leftTrace: true,
      problem,
    };
  }
  const isRefused = causeBeyondPhase(result)?.treatment === 'stop';
  if (isRefused && main.after !== null && main.after.state !== 'QUEUED') {
    const back = await putBack(choice.candidate.runId, main.after, ports);
    return {
      kind: 'executed',
      result: {
        ...result,
        finalState: back.after?.state ?? result.finalState,
        notes: [...result.notes, ...back.notes],
      },
      phases: overlaid(seen, [...settled, back.after]),
      leftTrace: true,
    };
  }
  return {
    kind: 'executed',
    result,
    phases: overlaid(seen, settled),
    leftTrace: leftTrace(choice.candidate.runId, before, seen),
  };
}

/** Only a phase that was asked for, or that the executor names, is surely its work; another program may be at another. */
async function mend(
  { choice, options, ports }: PhaseDrain,
  change: PhaseChange,
  execution: ExecutionResult,
): Promise<SettledPhase> {
  const { runId, phaseId } = choice.candidate;
  const id = change.before.phaseId;
  const isOurs = id === phaseId || isNamed(id, execution);
  if (isOurs) return endStranded(runId, change, execution, options.phaseTimeoutSeconds, ports);
  const isAtWork = change.after?.state === 'EXECUTING';
  const note = `${id} is EXECUTING; it is left, for another program may be at work on it.`;
  return { after: change.after, notes: isAtWork ? [note] : [] };
}

/** The phases of a run as they were seen, those that were set right since as they are now. */
function overlaid(seen: PhaseObservation, settled: readonly (PhaseGlimpse | null)[]): PhaseGlimpse[] {
  const phases = new Map<string, PhaseGlimpse>();
  for (const each of [seen.phase, ...seen.siblings, ...settled]) {
    if (each !== null) phases.set(each.phaseId, each);
  }
  return [...phases.values()];
}
