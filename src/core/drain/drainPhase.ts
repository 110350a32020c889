import { serializeError } from '../errors.ts';
import { type Candidate, drainableStates } from './candidate.ts';
import type { Choice } from './candidateQueue.ts';
import type { DrainOptions } from './drainOptions.ts';
import type { DrainPorts, DrainTarget } from './drainPorts.ts';
import type { DrainResult } from './drainResult.ts';
import { endStranded } from './endStranded.ts';
import type { ExecutionResult } from './executorPort.ts';
import { classifyFailureReason } from './failureClass.ts';
import type { PhaseGlimpse, PhaseObservation } from './phaseObservation.ts';
import { lostResult, phaseResult } from './phaseResult.ts';
import type { Skip } from './skip.ts';
import { whatRan } from './whatRan.ts';

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
  const before = await ports.store.observe(candidate, null, signal);
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
  const settle = (change: typeof ran.main): ReturnType<typeof endStranded> =>
    endStranded(candidate.runId, change, execution, timeoutSeconds, ports.store);
  const main = await settle(ran.main);
  const notes = [...main.notes];
  for (const other of ran.others) notes.push(...(await settle(other)).notes);
  const result = phaseResult(executed, ran, main.after, seen, notes);
  return {
    kind: 'executed',
    result,
    again: asCandidate(candidate, ran.isAskedFor ? main.after : seen.phase),
  };
}

/** What the database says once the executor has ended, given time where another process writes for it. Cannot be cancelled. */
async function lookAfter(
  { choice, ports }: PhaseDrain,
  asked: PhaseGlimpse,
  before: PhaseObservation,
  execution: ExecutionResult,
): Promise<PhaseObservation> {
  const { clock, executor, store } = ports;
  const deadline = clock.now() + (execution.outcome === 'exited' ? (executor.settleMs ?? 0) : 0);
  for (;;) {
    const seen = await store.observe(choice.candidate, before.marks);
    const isUnsettled =
      seen.phase !== null && (seen.phase.state === 'EXECUTING' || seen.phase.revision === asked.revision);
    if (!isUnsettled || clock.now() >= deadline) return seen;
    await clock.sleep(settlePollMs);
  }
}

function asCandidate(candidate: Candidate, phase: PhaseGlimpse | null): Candidate | null {
  if (phase === null || !drainableStates.includes(phase.state)) return null;
  return { ...candidate, state: phase.state, failureClass: classifyFailureReason(phase.failureReason) };
}

function changed(reason: string): PhaseAttempt {
  return { kind: 'changed', skip: { code: 'phase-changed', reason } };
}
