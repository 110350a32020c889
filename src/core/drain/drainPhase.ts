import { serializeError } from '../errors.ts';
import type { ExecutionRequest, ExecutionResult, ExecutorProblem } from '../model/execution.ts';
import type { ExecutionHost } from '../model/executionHost.ts';
import { firstQueued } from '../model/phase.ts';
import { gaveTelemetry, type PhaseSnapshot, type PhaseObservation } from '../model/phaseObservation.ts';
import { drainableStates } from '../queries/candidates.ts';
import { t } from '../text/l10n.ts';
import { settleAbandonedPhase, requeue, type SettledPhase } from './abandonedPhase.ts';
import type { Choice } from './candidateQueue.ts';
import {
  isNamed,
  leftTrace,
  wasWorkedOn,
  detectExecutedPhase,
  type PhaseChange,
} from './detectExecutedPhase.ts';
import type { DrainOptions } from './drainOptions.ts';
import type { DrainPorts, DrainLocation, LogPaths } from './drainPorts.ts';
import type { DrainResult } from './drainResult.ts';
import { causeBeyondPhase } from './failureTreatment.ts';
import { lostResult, phaseResult, type ExecutedPhase } from './phaseResult.ts';
import { changedSkip, earlierQueuedSkip, type Skip } from './skips.ts';
import { busyTimeoutMs, retryTransient } from './retryTransient.ts';
import { waitForOutcome } from './waitForOutcome.ts';

/** What a single phase is drained with. */
interface PhaseDrain {
  readonly choice: Pick<Choice, 'candidate' | 'attempt'>;
  readonly sessionId: string;
  readonly options: DrainOptions;
  readonly target: DrainLocation;
  readonly ports: DrainPorts;
  /** For an executor that works in this process. */
  readonly host: ExecutionHost;
}

/** How it went with one phase. */
type PhaseAttempt =
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
  readonly phases: readonly PhaseSnapshot[];
  /** Whether the execution left anything in the database. */
  readonly leftTrace: boolean;
  /** Why no other phase can be executed; absent as a rule. */
  readonly problem?: ExecutorProblem;
}

/** What is known right before an execution. */
export interface PhaseStart {
  readonly before: PhaseObservation & { readonly phase: PhaseSnapshot };
  readonly startedAt: number;
  readonly logs: LogPaths;
}

/**
 * Reads a phase, executes it, reads it again, and settles it if it was abandoned. `begin` is awaited right before
 * the execution. Throws only before the execution: `CancelledError`, or what the store or `begin` throw.
 */
export async function drainPhase(
  drain: PhaseDrain,
  begin: (start: PhaseStart) => Promise<void>,
  signal: AbortSignal,
): Promise<PhaseAttempt> {
  const { choice, ports, sessionId } = drain;
  const { candidate } = choice;
  const timeout = ports.clock.now() + busyTimeoutMs;
  const before = await retryTransient(
    () => ports.store.observe(candidate, null, signal),
    ports.clock,
    timeout,
  );
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
  const execution = await ports.executor.execute(requestOf(drain, start), signal, drain.host);
  return evaluateExecution(drain, start, execution);
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

/** A phase that ran, and its row as it is now. */
interface JudgedPhase {
  readonly result: DrainResult;
  /** `null` when it is gone. */
  readonly after: PhaseSnapshot | null;
}

/** Reads the outcome of an execution, and settles the phase if nothing is executing it any more. Never throws. */
export async function evaluateExecution(
  drain: PhaseDrain,
  { before, startedAt, logs }: PhaseStart,
  execution: ExecutionResult,
): Promise<PhaseAttempt> {
  const { choice, options, ports } = drain;
  const { runId, phaseId } = choice.candidate;
  const timeoutSeconds = options.phaseTimeoutSeconds;
  const finishedAt = ports.clock.now();
  const executed: ExecutedPhase = { choice, execution, logs, startedAt, finishedAt, timeoutSeconds };
  let seen: PhaseObservation;
  try {
    seen = await waitForOutcome(choice.candidate, before, execution, ports);
  } catch (error) {
    return { kind: 'lost', result: lostResult(executed, serializeError(error).message), error };
  }
  const ran = detectExecutedPhase(runId, before.phase, before, seen, execution);
  const hasTrace = leftTrace(runId, before, seen);
  const isOurs = ({ before: { phaseId: id } }: PhaseChange): boolean =>
    id === phaseId || isNamed(id, execution);
  const isBooked = (other: PhaseChange): boolean =>
    isOurs(other) || (other.after?.state !== 'EXECUTING' && isLikelyOurs(other));
  // Without a name: by its telemetry, or where the executor is known to run other phases than it is asked for.
  const isLikelyOurs = ({ before: { phaseId: id } }: PhaseChange): boolean =>
    ports.executor.runsFirstQueued === true || gaveTelemetry(seen, { runId, phaseId: id });
  const wasChanged = (other: PhaseChange): boolean =>
    other.after !== null && wasWorkedOn(other.before, other.after);
  const others = ran.others.filter(wasChanged);
  const booked = [...others.filter(isBooked), ran.main];
  const judged: JudgedPhase[] = [];
  for (const change of booked) {
    const isMain = change === ran.main;
    const { after, notes } = await fix(drain, change, isOurs(change), execution);
    const left = isMain ? others.filter((other) => !isBooked(other)).flatMap(leftNotes) : [];
    const phase = {
      change,
      settled: after,
      askedFor: isMain && !ran.isAskedFor ? phaseId : null,
      alongside: isMain ? null : ran.main.before.phaseId,
      booked: booked.map((each) => each.before.phaseId),
      hasTrace,
      notes: [...notes, ...left],
    };
    judged.push({ result: phaseResult(executed, phase, seen), after });
  }
  const isDone = judged.every(({ result }) => result.success);
  const problem = isDone ? null : ((await ports.executor.problem?.()) ?? null);
  const final: JudgedPhase[] = [];
  for (const each of judged) final.push(await withoutFault(each, problem, ports));
  const isExplained = problem !== null || final.some((each, index) => each !== judged[index]);
  return {
    kind: 'executed',
    results: final.map(({ result }) => result),
    phases: overlaid(
      seen,
      final.map(({ after }) => after),
    ),
    leftTrace: isExplained || hasTrace,
    ...(problem === null ? {} : { problem }),
  };
}

/** Only a phase that was asked for, or that the executor names, is surely its work; another program may be at another. */
async function fix(
  { choice, options, ports }: PhaseDrain,
  change: PhaseChange,
  isOurs: boolean,
  execution: ExecutionResult,
): Promise<SettledPhase> {
  if (isOurs) {
    const { runId } = choice.candidate;
    return settleAbandonedPhase(runId, change, execution, options.phaseTimeoutSeconds, ports);
  }
  return { after: change.after, notes: change.after?.state === 'EXECUTING' ? leftNotes(change) : [] };
}

function leftNotes({ before: { phaseId }, after }: PhaseChange): string[] {
  if (after === null) return [];
  return after.state === 'EXECUTING'
    ? [t`${phaseId} is EXECUTING; it is left, for another program may be at work on it.`]
    : [t`${phaseId} became ${after.state} meanwhile; nothing says that this execution ran it.`];
}

/** Puts a phase back in the queue that failed for what is no fault of its own, and for which the drain stops. */
async function withoutFault(
  judged: JudgedPhase,
  problem: ExecutorProblem | null,
  ports: DrainPorts,
): Promise<JudgedPhase> {
  const { result, after } = judged;
  if (result.success) return judged;
  const isRefused = causeBeyondPhase(result)?.treatment === 'stop';
  const isQueued = after === null || after.state === 'QUEUED';
  if (problem === null && (!isRefused || isQueued)) return judged;
  const back = isQueued ? { after, notes: [] } : await requeue(result.runId, after, ports);
  return {
    after: back.after,
    result: {
      ...result,
      // It says nothing about the phase: nobody can tell what would have come of it.
      ...(problem === null ? {} : { outcome: 'interrupted', error: problem.message, fingerprint: null }),
      finalState: back.after?.state ?? result.finalState,
      notes: [...result.notes, ...back.notes],
    },
  };
}

/** The phases of a run as they were seen, those that were set right since as they are now. */
function overlaid(seen: PhaseObservation, settled: readonly (PhaseSnapshot | null)[]): PhaseSnapshot[] {
  const phases = new Map<string, PhaseSnapshot>();
  for (const each of [seen.phase, ...seen.siblings, ...settled]) {
    if (each !== null) phases.set(each.phaseId, each);
  }
  return [...phases.values()];
}
