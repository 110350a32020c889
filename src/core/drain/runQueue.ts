import { totalCost } from '../model/modelCall.ts';
import { t } from '../text/l10n.ts';
import { formatDollars } from '../text/quantities.ts';
import type { CandidateQueue, Choice } from './candidateQueue.ts';
import type { DrainOptions } from './drainOptions.ts';
import { drainPhase } from './drainPhase.ts';
import type { DrainPorts, DrainLocation } from './drainPorts.ts';
import type { DrainListener, PauseGate } from './drainProgress.ts';
import type { DrainResult } from './drainResult.ts';
import { executionHostFor } from './executionHostFor.ts';
import type { DrainSession } from './drainSession.ts';
import {
  cancelledStop,
  limitStop,
  noTraceStop,
  nothingLeftStop,
  problemStop,
  refusedStop,
  stopOf,
  unavailableStop,
  limitReached,
  type ExplainedStop,
} from './drainStops.ts';

/** A drain under way. */
export interface RunningDrain {
  readonly options: DrainOptions;
  readonly target: DrainLocation;
  readonly ports: DrainPorts;
  readonly session: DrainSession;
  readonly queue: CandidateQueue;
  readonly gate: PauseGate | undefined;
  /** How many executions are to be expected, for progress. */
  readonly expected: number;
  /** It goes on after a streak of failures: one phase shows whether the cause is repaired. */
  readonly isTrial: boolean;
  readonly notify: DrainListener;
}

/** Takes one phase after the other until a rule, a limit or the signal ends it. */
export async function runQueue(running: RunningDrain, signal: AbortSignal): Promise<ExplainedStop> {
  const { options, ports, session, queue } = running;
  const { clock } = ports;
  const before = session.ledger.results.length;
  for (;;) {
    if (!(await passGate(running, signal))) return cancelledStop();
    const choice = queue.next();
    if (choice === null) return nothingLeftStop(queue.size);
    const isTrial = running.isTrial && session.ledger.results.length === before;
    const limit = limitReached(session.ledger, options, session.activeMs, isTrial);
    if (limit !== null) return limitStop(limit, session.ledger.results.at(-1));
    if (choice.pauseMs > 0) {
      await clock.sleep(choice.pauseMs, signal);
      if (!(await passGate(running, signal))) return cancelledStop();
    }
    const stop = await runPhase(running, choice, signal);
    if (stop !== null) return stop;
  }
}

/** Waits while a person holds the drain up; that time is no time at work. `false` once the signal has fired. */
async function passGate(
  { gate, session, ports, notify }: RunningDrain,
  signal: AbortSignal,
): Promise<boolean> {
  if (gate?.isClosed === true) {
    const pausedAt = ports.clock.now();
    notify({ kind: 'pause-changed', pause: 'paused', at: pausedAt });
    await gate.passed(signal);
    session.rested(ports.clock.now() - pausedAt);
  }
  return !signal.aborted;
}

/** Drains one phase; a stop means that no other should follow. */
async function runPhase(
  running: RunningDrain,
  choice: Choice,
  signal: AbortSignal,
): Promise<ExplainedStop | null> {
  const { options, target, ports, session, queue, expected, notify } = running;
  const { candidate, attempt, reason } = choice;
  const key = { runId: candidate.runId, phaseId: candidate.phaseId };
  const problem = (await ports.executor.problem?.()) ?? null;
  if (problem !== null) return problemStop(problem);
  const number = session.ledger.results.length + 1;
  const { sessionId } = session.place;
  const went = await drainPhase(
    {
      choice,
      sessionId,
      options,
      target,
      ports,
      host: executionHostFor(key, ports, options, session.ledger, notify, signal),
    },
    async (start) => {
      await session.begin(choice, start);
      const { startedAt } = start;
      const timeoutMs = options.phaseTimeoutSeconds * 1000;
      const of = Math.max(number, expected);
      notify({ kind: 'phase-started', key, number, of, attempt, reason, startedAt, timeoutMs });
    },
    signal,
  );
  if (went.kind === 'changed') {
    queue.drop(key, went.skip);
    return null;
  }
  if (went.kind === 'lost') {
    await session.record([booked(went.result, choice, session)], notify);
    queue.drop(key, null);
    return stopOf(went.error);
  }
  const results = went.results.map((result) => booked(result, choice, session));
  const costBefore = totalCost(session.ledger.spend.cost);
  await session.record(results, notify);
  warnOfCost(costBefore, running, notify);
  queue.settle(key.runId, went.phases);
  if (went.problem !== undefined) return problemStop(went.problem);
  const main = results.at(-1);
  const noTrace = went.leftTrace || main === undefined ? null : noTraceStop(main, target.databasePath);
  const stops = results.map((result) => stopAfter(result, ports.executor.name));
  return noTrace ?? stops.findLast((stop) => stop !== null) ?? null;
}

/** Says once that the drain has become as expensive as somebody wanted to know. */
export function warnOfCost(
  before: number,
  { options: { warnCost, maxCost }, session }: Pick<RunningDrain, 'options' | 'session'>,
  notify: DrainListener,
): void {
  const cost = totalCost(session.ledger.spend.cost);
  if (warnCost === null || before >= warnCost || cost < warnCost) return;
  const message =
    maxCost === null
      ? t`The drain has cost about ${formatDollars(cost)} so far.`
      : t`The drain has cost about ${formatDollars(cost)} of at most ${formatDollars(maxCost)} so far.`;
  notify({ kind: 'warning', message });
}

/** A result as one of the phase that ran, whatever phase was asked for or chosen. */
export function booked(result: DrainResult, { insteadOf }: Choice, { ledger }: DrainSession): DrainResult {
  const isChosen = result.askedFor === null && result.alongside === null;
  const attempt = isChosen ? result.attempt : ledger.executionsOf(result) + 1;
  if (insteadOf === null || result.alongside !== null) return { ...result, attempt };
  const note = t`Executed in place of ${insteadOf.phaseId}: Autopack runs the first queued phase of a run.`;
  return { ...result, attempt, notes: [...result.notes, note] };
}

/** Whether a result ends the drain. */
export function stopAfter(result: DrainResult, executor: string): ExplainedStop | null {
  switch (result.outcome) {
    case 'cancelled':
      return cancelledStop();
    case 'failed-to-start':
      return unavailableStop(executor, result);
    case 'exited':
      return refusedStop(result);
    case 'timed-out':
    case 'interrupted':
      return null;
  }
}
