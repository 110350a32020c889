import { totalCost } from '../model/modelCall.ts';
import { serializeError } from '../errors.ts';
import { keyOf } from '../queries/candidates.ts';
import { t } from '../text/l10n.ts';
import type { Choice } from './candidateQueue.ts';
import { drainPhase } from './drainPhase.ts';
import type { DrainResult } from './drainResult.ts';
import {
  cancelledStop,
  limitReached,
  limitStop,
  noTraceStop,
  nothingLeftStop,
  problemStop,
  stopOf,
  type ExplainedStop,
} from './drainStops.ts';
import { executionHostFor } from './executionHostFor.ts';
import { booked, stopAfter, warnOfCost, type RunningDrain } from './runQueue.ts';
import { storedStart } from './sessionRecord.ts';
import type { PhaseLease, SharedDrainPort, SharedState, SharedWorker } from './sharedDrain.ts';
import { takeOverExpired } from './takeOverExpired.ts';

/** The part of a worker in a drain that is shared. */
export interface SharedWork extends Omit<RunningDrain, 'gate' | 'isTrial'> {
  /** Of the process that began the drain. */
  readonly gate?: RunningDrain['gate'];
  readonly shared: SharedDrainPort;
  /** Reads what can be drained anew into the queue. */
  readonly refill: () => Promise<void>;
  /** The machine it runs on. */
  readonly host: string;
}

/** How often a worker that has nothing to do looks again, in ms. */
const idleMs = 400;
/** How long it is until those who wanted the same phase look again, in ms. */
const contendedMs = 20;
/** How many phases a worker wants at once, for each that works: others may take the first of them meanwhile. */
const choicesPerWorker = 2;

/**
 * Takes one phase after the other, each by a lease, until a rule, a limit, a person or the signal ends it. What other workers
 * bring counts like what is brought here. Leases that have run out are taken over meanwhile. Throws what the server's end does.
 */
async function runShared(work: SharedWork, signal: AbortSignal): Promise<ExplainedStop> {
  const ending = new AbortController();
  const heir = takeOverExpired(work, AbortSignal.any([signal, ending.signal]));
  try {
    return await takePhases(work, AbortSignal.any([signal, work.shared.cancelled]));
  } finally {
    ending.abort();
    await heir;
  }
}

async function takePhases(work: SharedWork, signal: AbortSignal): Promise<ExplainedStop> {
  const { options, ports, session, queue, shared } = work;
  const { clock, executor } = ports;
  let restedAfter = -1;
  let reported = nothingReported;
  for (;;) {
    if (signal.aborted) return cancelledStop();
    const state = await shared.look();
    await takeResults(work, state.results);
    const { results } = session.ledger;
    reported = reportState(work, state, reported);
    if (state.stop !== null) return state.stop;
    const limit = limitReached(session.ledger, options, state.activeMs, state.isTrial);
    if (limit !== null) return stopAll(work, limitStop(limit, results.at(-1)));
    const choices = mayTake(state)
      ? queue.choices(choicesPerWorker * (state.workers.length + 1), state.held)
      : [];
    const [first] = choices;
    if (first === undefined) {
      if (mayTake(state) && state.held.length === 0) return stopAll(work, nothingLeftStop(queue.size));
      await rest(work, idleMs, signal);
      continue;
    }
    if (first.pauseMs > 0 && restedAfter !== results.length) {
      restedAfter = results.length;
      await rest(work, first.pauseMs, signal);
      continue;
    }
    const problem = (await executor.problem?.()) ?? null;
    if (problem !== null) return problemStop(problem);
    const lease = await shared.claim(choices.map(({ candidate }) => candidate));
    const choice =
      lease === null ? undefined : choices.find(({ candidate }) => keyOf(candidate) === keyOf(lease));
    if (lease === null || choice === undefined) {
      await rest(work, contendedMs * (1 + (clock.now() % 5)), signal);
      continue;
    }
    const stop = await runLeased(work, choice, lease, signal);
    if (stop !== null) return isForAll(stop) ? stopAll(work, stop) : stop;
  }
}

/** One phase alone is to show whether a cause is repaired. */
function mayTake({ isPaused, isTrial, held }: SharedState): boolean {
  return !isPaused && !(isTrial && held.length > 0);
}

async function rest({ ports }: SharedWork, ms: number, signal: AbortSignal): Promise<void> {
  await ports.clock.sleep(ms, signal).catch(() => undefined);
}

async function stopAll({ shared }: SharedWork, stop: ExplainedStop): Promise<ExplainedStop> {
  await shared.stop(stop);
  return stop;
}

/** What only this process or this machine lacks ends this worker alone. */
function isForAll({ kind }: ExplainedStop): boolean {
  return !['executor-unavailable', 'failed', 'cancelled'].includes(kind);
}

/** Takes in what all workers brought, in the one order that it has for all of them. */
export async function takeResults(
  { session, queue, options, notify, refill }: SharedWork,
  results: readonly DrainResult[],
): Promise<void> {
  if (results.length === 0) return;
  const costBefore = totalCost(session.ledger.spend.cost);
  await session.record(results, notify);
  const isKnown = results.map((result) => queue.take(result));
  if (isKnown.includes(false)) await refill();
  warnOfCost(costBefore, { options, session }, notify);
}

/** Drains one phase; a stop means that this worker should take no other. */
async function runLeased(
  work: SharedWork,
  choice: Choice,
  lease: PhaseLease,
  signal: AbortSignal,
): Promise<ExplainedStop | null> {
  const { options, target, ports, session, queue, shared, expected, host: machine, notify } = work;
  const { candidate, attempt, reason } = choice;
  const key = { runId: candidate.runId, phaseId: candidate.phaseId };
  const { sessionId } = session.place;
  const ended = AbortSignal.any([signal, lease.lost]);
  const host = executionHostFor(key, ports, options, session.ledger, notify, ended);
  const phase = { choice, sessionId, options, target, ports, host };
  const went = await drainPhase(
    phase,
    async (start) => {
      const { workspaceFolder } = target;
      await shared.begin(lease, {
        ...storedStart({ candidate, attempt, start }),
        host: machine,
        workspaceFolder,
      });
      const { startedAt } = start;
      const number = session.ledger.results.length + 1;
      const timeoutMs = options.phaseTimeoutSeconds * 1000;
      const of = Math.max(number, expected);
      notify({ kind: 'phase-started', key, number, of, attempt, reason, startedAt, timeoutMs });
    },
    ended,
  ).catch(async (error: unknown) => {
    // Nothing was executed; where the server is gone, the lease runs out.
    await shared.release(lease).catch(() => undefined);
    throw error;
  });
  if (lease.lost.aborted) return lost(work, lease);
  if (went.kind === 'changed') {
    queue.drop(key, went.skip);
    await shared.release(lease);
    return null;
  }
  // Whoever takes over the lease finds out what came of it.
  if (went.kind === 'lost') return stopOf(went.error);
  const results = went.results.map((result) => booked(result, choice, session));
  if (!(await shared.settle(lease, results))) return lost(work, lease);
  if (went.problem !== undefined) return problemStop(went.problem);
  const main = results.at(-1);
  const noTrace = went.leftTrace || main === undefined ? null : noTraceStop(main, target.databasePath);
  const stops = results.map((result) => stopAfter(result, ports.executor.name));
  return noTrace ?? stops.findLast((stop) => stop !== null) ?? null;
}

function lost({ notify }: SharedWork, { phaseId, runId }: PhaseLease): null {
  const message = t`The lease of ${phaseId} of ${runId} ran out before it was settled: another worker takes the phase over, and nothing was settled here.`;
  notify({ kind: 'warning', message });
  return null;
}

/** What was reported of a drain last. */
interface ReportedState {
  readonly workers: string;
  readonly isHeldUp: boolean;
}
export const nothingReported: ReportedState = { workers: '', isHeldUp: false };

/** Reports what the workers are at, if there are several, and whether a pause has come into force, where that is news. */
export function reportState(
  { notify, gate, ports }: Pick<SharedWork, 'notify' | 'gate' | 'ports'>,
  { workers, isPaused, held }: SharedState,
  reported: ReportedState,
): ReportedState {
  const isHeldUp = isPaused && held.length === 0;
  if (isHeldUp && !reported.isHeldUp && gate?.isClosed === true) {
    notify({ kind: 'pause-changed', pause: 'paused', at: ports.clock.now() });
  }
  if (workers.length < 2 && reported.workers === '') return { ...reported, isHeldUp };
  const text = JSON.stringify(workers.map(withoutTimes));
  if (text !== reported.workers)
    notify({ kind: 'workers-changed', workers: workers.length < 2 ? [] : workers });
  return { workers: text, isHeldUp };
}

function withoutTimes({ number, isAlive, phase }: SharedWorker): unknown {
  return [number, isAlive, phase === null ? null : keyOf(phase)];
}

/** How a worker ended, and whether the server knows. */
interface WorkerEnd {
  readonly stop: ExplainedStop;
  readonly hasLeft: boolean;
}

/** Works to its end; whatever is thrown is its stop. */
export async function workToEnd(work: SharedWork, signal: AbortSignal): Promise<WorkerEnd> {
  const { shared, ports } = work;
  const stop = await runShared(work, signal).catch((error: unknown) => {
    ports.logger.error(`The worker of the drain ${shared.id} failed.`, error);
    return stopOf(error);
  });
  try {
    await shared.leave(stop);
    return { stop, hasLeft: true };
  } catch (error) {
    ports.logger.warn(`The worker's end could not be noted: ${serializeError(error).message}`);
    return { stop, hasLeft: false };
  }
}
