import { CancelledError, UserFacingError } from '../errors.ts';
import type { ExecutionResult } from '../model/execution.ts';
import type { ExecutionHost } from '../model/executionHost.ts';
import { failureClasses } from '../model/failureClass.ts';
import { keyOf, type DrainBacklog } from '../queries/candidates.ts';
import { t } from '../text/l10n.ts';
import { counted } from '../text/quantities.ts';
import { wasWorkedOn } from './detectExecutedPhase.ts';
import { resolveDrainOptions, scopeOf, type DrainOptions } from './drainOptions.ts';
import { requestOf, evaluateExecution } from './drainPhase.ts';
import type { DrainedDatabase, DrainJob, DrainPorts, DrainLocation } from './drainPorts.ts';
import type { DrainListener } from './drainProgress.ts';
import type { DrainResult } from './drainResult.ts';
import { DrainSession } from './drainSession.ts';
import { executionHostFor } from './executionHostFor.ts';
import type { HygieneSession } from './hygieneSession.ts';
import { refuseEmpty } from './refuseUndrainable.ts';
import { restoreSession } from './restoreSession.ts';
import { busyTimeoutMs, retryTransient } from './retryTransient.ts';

/** A session to go on with. */
export interface ResumedSession {
  readonly session: DrainSession;
  readonly options: DrainOptions;
  readonly backlog: DrainBacklog;
  /** It had stopped at a streak of failures. */
  readonly isTrial: boolean;
  /** Which of its results, by their place, are no longer as they were recorded. */
  readonly corrected: readonly number[];
  /** Finds out what the phase in flight came to, and records it; returns whether the database may have changed since. */
  settleInterrupted(notify: DrainListener, signal: AbortSignal): Promise<boolean>;
}

/**
 * Reads a session and all that is needed to go on with it. Throws `not-found`, `unreadable`, `other-database`, and
 * `invalid-argument` for a session that did all it was asked to, unless the request asks for more.
 */
export async function resumeSession(
  sessionId: string,
  job: DrainJob,
  database: DrainedDatabase,
  ports: DrainPorts,
  signal: AbortSignal,
): Promise<ResumedSession> {
  const stored = await ports.sessions.load(sessionId);
  const atHand = { path: job.databasePath, id: database.id, lastSerial: database.lastSerial };
  const restored = restoreSession(stored, atHand, ports.clock.now());
  if (stored.facts?.database == null) await refuseOtherContent(restored.results, job, ports, signal);
  const asked = Object.fromEntries(Object.entries(job.options).filter(([, value]) => value !== undefined));
  if (restored.isComplete && Object.keys(asked).length === 0) {
    throw new UserFacingError(
      'invalid-argument',
      t`The session ${sessionId} is complete: it did all it was asked to.`,
      t`Start a new drain, or resume it with a larger limit.`,
    );
  }
  const options = resolveDrainOptions({ ...restored.options, ...asked });
  const backlog = await ports.store.backlog(scopeOf(options), signal);
  refuseEmpty(backlog, options);
  const results = await failAbandonedPhases(restored.results, job, ports, signal);
  const place = { sessionId, sessionPath: stored.sessionPath };
  const session = DrainSession.resume(place, { ...restored, results }, options, job, database, ports);
  return {
    session,
    options,
    backlog,
    corrected: results.flatMap((result, index) => (result === restored.results[index] ? [] : [index])),
    isTrial: ['zero-yield-streak', 'same-failure', 'environment'].includes(restored.stopKind ?? ''),
    async settleInterrupted(notify, onSignal) {
      const wasFailed = results !== restored.results;
      if (restored.inFlight === null) return wasFailed;
      const host = executionHostFor(restored.inFlight, ports, options, session.ledger, notify, onSignal);
      const drain = { sessionId, options, target: job, ports, host };
      const found = await finishInterrupted(drain, restored.inFlight, notify, onSignal);
      await session.record(found, notify);
      if (found.at(-1)?.outcome === 'cancelled') throw new CancelledError(t`The drain`);
      return true;
    },
  };
}

/**
 * A session that does not say which database it drained is known by its phases. Throws `other-database` where one of them
 * is not there, or none of those that it completed is COMPLETE.
 */
async function refuseOtherContent(
  results: readonly DrainResult[],
  { databasePath }: DrainLocation,
  { store }: DrainPorts,
  signal: AbortSignal,
): Promise<void> {
  const last = [...new Map(results.map((result) => [keyOf(result), result])).values()];
  if (last.length === 0) return;
  const { refused } = await store.backlog({ kind: 'phases', keys: last }, signal);
  const states = new Map(refused.map((each) => [keyOf(each), each.state]));
  const missing = last.find((each) => states.get(keyOf(each)) === null);
  const completed = last.filter(({ success }) => success);
  const isUndone = completed.length > 0 && completed.every((each) => states.get(keyOf(each)) !== 'COMPLETE');
  if (missing === undefined && !isUndone) return;
  const why =
    missing === undefined
      ? t`none of the ${counted(completed.length, 'phase')} that it completed is COMPLETE there`
      : t`${missing.phaseId} of ${missing.runId}, which it drained, is not there`;
  throw new UserFacingError(
    'other-database',
    t`The session drained another database than ${databasePath}: ${why}.`,
    t`Name the database of the session, or start a new drain.`,
  );
}

/**
 * Finds out what came of the phase that was under way when a drain was killed. An executor that still works on it is
 * followed to its end, for its tokens are spent already; a phase at which nobody works any more is set FAILED.
 * Throws what is thrown where the database cannot be read: then nothing is recorded, and the next resume asks again.
 */
export async function finishInterrupted(
  drain: {
    readonly sessionId: string;
    readonly options: DrainOptions;
    readonly target: DrainLocation;
    readonly ports: DrainPorts;
    readonly host: ExecutionHost;
  },
  inFlight: NonNullable<HygieneSession['inFlight']>,
  notify: DrainListener,
  signal: AbortSignal,
): Promise<readonly DrainResult[]> {
  const { ports, options } = drain;
  const { runId, phaseId, rowId, attempt, startedAt, before, logs } = inFlight;
  const { phaseIndex, tierIndex, state } = before.phase;
  const [failureClass] = failureClasses;
  const candidate = { runId, phaseId, rowId, tierIndex, phaseIndex, state, failureClass, tokenCap: null };
  const phaseDrain = { ...drain, choice: { candidate, attempt } };
  const start = { before: { ...before, yields: [] }, startedAt, logs };
  notify({
    kind: 'warning',
    message: t`The drain was interrupted while ${phaseId} of ${runId} was executed; checking its result.`,
  });
  const endsAt = startedAt + options.phaseTimeoutSeconds * 1000;
  const request = requestOf(phaseDrain, start, Math.max(0, endsAt - ports.clock.now()));
  const onWaiting = (pids: readonly number[]): void => {
    notify({ kind: 'warning', message: waitingText(pids, request.timeoutMs) });
  };
  const followed = (await ports.executor.follow?.(request, signal, onWaiting, drain.host)) ?? unknownEnd;
  const judged = await evaluateExecution(phaseDrain, start, await asItEnded(followed, inFlight, ports));
  if (judged.kind === 'executed') return judged.results;
  throw judged.kind === 'lost' ? judged.error : new Error('An execution cannot end before it begins.');
}

function waitingText(pids: readonly number[], atMostMs: number): string {
  const seconds = Math.ceil(atMostMs / 1000);
  return pids.length === 1
    ? t`Process ${pids.join()} is still at work on the phase. The drain waits for its end, at most ${seconds} s; to end that at once, cancel the drain (Ctrl+C in a terminal).`
    : t`The processes ${pids.join(', ')} are still at work on the phase. The drain waits for their end, at most ${seconds} s; to end that at once, cancel the drain (Ctrl+C in a terminal).`;
}

const unknownEnd: ExecutionResult = {
  outcome: 'interrupted',
  exitCode: null,
  durationMs: 0,
  stdoutTail: '',
  stderrTail: '',
};

/** An executor that brought the phase to an end has ended by itself, whoever waited for it. */
async function asItEnded(
  execution: ExecutionResult,
  { runId, phaseId, startedAt, before }: NonNullable<HygieneSession['inFlight']>,
  { store, clock }: DrainPorts,
): Promise<ExecutionResult> {
  const now = clock.now();
  const durationMs = now - startedAt;
  if (execution.outcome !== 'interrupted') return { ...execution, durationMs };
  const deadline = now + busyTimeoutMs;
  const { phase } = await retryTransient(() => store.observe({ runId, phaseId }, null), clock, deadline);
  const isEnded =
    phase !== null &&
    wasWorkedOn(before.phase, phase) &&
    ['COMPLETE', 'FAILED', 'SKIPPED', 'GATE'].includes(phase.state);
  return { ...execution, durationMs, outcome: isEnded ? 'exited' : 'interrupted' };
}

/**
 * Sets FAILED what a drain had to leave EXECUTING because the database was locked or out of reach just then, unless
 * another program is at it by now, and corrects the results. Answers with the same list where there was nothing to do.
 */
async function failAbandonedPhases(
  results: readonly DrainResult[],
  { databasePath }: DrainLocation,
  { store, executor }: Pick<DrainPorts, 'store' | 'executor'>,
  signal: AbortSignal,
): Promise<readonly DrainResult[]> {
  const last = new Map(results.map((result, index) => [keyOf(result), index]));
  const failed = [...results];
  let wasFailed = false;
  for (const index of last.values()) {
    const result = results[index];
    if (result === undefined || !['EXECUTING', 'UNKNOWN'].includes(result.finalState)) continue;
    const { phase } = await store.observe(result, null, signal);
    if (phase?.state !== 'EXECUTING') continue;
    if ((await executor.isAtWork?.(databasePath, result)) === true) continue;
    const reason = `Left EXECUTING by an earlier part of the drain: ${result.error ?? 'no reason was given'}`;
    if (!(await store.fail(result, reason, 'EXECUTING'))) continue;
    failed[index] = {
      ...result,
      finalState: 'FAILED',
      notes: [...result.notes, t`${result.phaseId} was left EXECUTING and is set FAILED at the resume.`],
    };
    wasFailed = true;
  }
  return wasFailed ? failed : results;
}
