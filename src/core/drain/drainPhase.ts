import { serializeError, UserFacingError } from '../errors.ts';
import type { ClockPort } from '../ports.ts';
import { type Candidate, drainableStates } from './candidate.ts';
import type { Choice } from './candidateQueue.ts';
import type { DrainOptions } from './drainOptions.ts';
import type { DrainPorts, DrainTarget } from './drainPorts.ts';
import type { DrainResult } from './drainResult.ts';
import { endStranded, type SettledPhase } from './endStranded.ts';
import type { ExecutionResult } from './executorPort.ts';
import { classifyFailureReason } from './failureClass.ts';
import type { PhaseGlimpse, PhaseObservation } from './phaseObservation.ts';
import { lostResult, phaseResult } from './phaseResult.ts';
import type { Skip } from './skip.ts';
import { type PhaseChange, whatRan } from './whatRan.ts';

/** What a single phase is drained with. */
export interface PhaseDrain {
  readonly choice: Choice;
  readonly sessionId: string;
  readonly options: DrainOptions;
  readonly target: DrainTarget;
  readonly ports: DrainPorts;
}

/** How it went with one phase. */
export type PhaseAttempt =
  /** Somebody else changed it since the drain began, so it was not executed. */
  | { readonly kind: 'changed'; readonly skip: Skip }
  | {
      readonly kind: 'executed';
      readonly result: DrainResult;
      /** The phase as a candidate for another attempt, or `null`. */
      readonly again: Candidate | null;
    }
  /** It was executed, but the database cannot be read any more. */
  | { readonly kind: 'lost'; readonly result: DrainResult; readonly error: unknown };

/** How often a database is looked at while another process may still commit, in ms. */
const settlePollMs = 250;
/** How long other writers may keep us from seeing an outcome, in ms. */
const busyPatienceMs = 30_000;

/**
 * Looks at a phase, executes it, looks again, and leaves it in a state that is true. `begin` is awaited right before
 * the execution. Throws only before the execution: `CancelledError`, or what the store or `begin` throw.
 */
export async function drainPhase(
  drain: PhaseDrain,
  begin: (startedAt: number) => Promise<void>,
  signal: AbortSignal,
): Promise<PhaseAttempt> {
  const { choice, options, ports, target, sessionId } = drain;
  const { candidate } = choice;
  const patience = ports.clock.now() + busyPatienceMs;
  const before = await patiently(() => ports.store.observe(candidate, null, signal), ports.clock, patience);
  const asked = before.phase;
  if (asked === null) return changed('It is no longer in the database.');
  if (!drainableStates.includes(asked.state)) return changed(`It became ${asked.state} in the meantime.`);

  const logs = await ports.sessions.logPaths(sessionId, candidate, choice.attempt);
  const startedAt = ports.clock.now();
  await begin(startedAt);
  const { phaseTimeoutSeconds: timeoutSeconds } = options;
  const request = { runId: candidate.runId, phaseId: candidate.phaseId, ...target, ...logs };
  const execution = await ports.executor.execute({ ...request, timeoutMs: timeoutSeconds * 1000 }, signal);
  const executed = { choice, execution, logs, startedAt, finishedAt: ports.clock.now(), timeoutSeconds };

  let seen: PhaseObservation;
  try {
    seen = await lookAfter(drain, asked, before, execution);
  } catch (error) {
    return { kind: 'lost', result: lostResult(executed, serializeError(error).message), error };
  }
  const ran = whatRan(candidate.runId, asked, before, seen);
  const main = await mend(drain, ran.main, execution);
  const notes = [...main.notes];
  for (const other of ran.others) notes.push(...(await mend(drain, other, execution)).notes);
  const result = phaseResult(executed, ran, main.after, seen, notes);
  return {
    kind: 'executed',
    result,
    again: asCandidate(candidate, ran.isAskedFor ? main.after : seen.phase),
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
  const isOurs = id === phaseId || execution.stdoutTail.includes(id) || execution.stderrTail.includes(id);
  if (isOurs) return endStranded(runId, change, execution, options.phaseTimeoutSeconds, ports.store);
  const isAtWork = change.after?.state === 'EXECUTING';
  const note = `${id} is EXECUTING; it is left, for another program may be at work on it.`;
  return { after: change.after, notes: isAtWork ? [note] : [] };
}

/** What the database says once the executor has ended, given time where another process writes for it. Cannot be cancelled. */
async function lookAfter(
  { choice, ports }: PhaseDrain,
  asked: PhaseGlimpse,
  before: PhaseObservation,
  execution: ExecutionResult,
): Promise<PhaseObservation> {
  const { clock, executor, store } = ports;
  const endedAt = clock.now();
  const deadline = endedAt + (execution.outcome === 'exited' ? (executor.settleMs ?? 0) : 0);
  for (;;) {
    const seen = await patiently(
      () => store.observe(choice.candidate, before.marks),
      clock,
      endedAt + busyPatienceMs,
    );
    const isUnsettled =
      seen.phase !== null && (seen.phase.state === 'EXECUTING' || seen.phase.revision === asked.revision);
    if (!isUnsettled || clock.now() >= deadline) return seen;
    await clock.sleep(settlePollMs);
  }
}

/** Asks again while other writers leave no moment to read in: what was executed must not be lost for that. */
async function patiently<T>(ask: () => Promise<T>, clock: ClockPort, deadline: number): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const isBusy = error instanceof UserFacingError && error.code === 'busy';
      if (!isBusy || clock.now() >= deadline) throw error;
      await clock.sleep(settlePollMs);
    }
  }
}

function asCandidate(candidate: Candidate, phase: PhaseGlimpse | null): Candidate | null {
  if (phase === null || !drainableStates.includes(phase.state)) return null;
  return { ...candidate, state: phase.state, failureClass: classifyFailureReason(phase.failureReason) };
}

function changed(reason: string): PhaseAttempt {
  return { kind: 'changed', skip: { code: 'phase-changed', reason } };
}
