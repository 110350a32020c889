import { serializeError } from '../errors.ts';
import { CandidateQueue, type Choice } from './candidateQueue.ts';
import { type DrainOptions, type DrainRequest, resolveDrainOptions, scopeOf } from './drainOptions.ts';
import { drainPhase } from './drainPhase.ts';
import type { DrainPorts, DrainTarget } from './drainPorts.ts';
import type { DrainListener } from './drainProgress.ts';
import { DrainSession } from './drainSession.ts';
import { cancelledStop, type ExplainedStop, nothingLeftStop, stopOf, unavailableStop } from './drainStops.ts';
import type { DrainSummary } from './drainSummary.ts';
import { refuseUndrainable } from './refuseUndrainable.ts';
import { limitReached } from './stopRules.ts';
import { nothingToDrain, summarise } from './summarise.ts';

/** A drain under way. */
interface RunningDrain {
  readonly options: DrainOptions;
  readonly target: DrainTarget;
  readonly ports: DrainPorts;
  readonly session: DrainSession;
  readonly queue: CandidateQueue;
  /** How many executions are to be expected, for progress. */
  readonly expected: number;
  readonly tell: DrainListener;
}

/**
 * Drains a database: sample-first, bounded, every stop explained.
 * Throws what is found before the first phase (`UserFacingError`, see {@link refuseUndrainable}; `CancelledError`);
 * from then on whatever happens, a cancelled signal too, ends in a summary and a saved session.
 */
export async function drain(
  request: DrainRequest,
  target: DrainTarget,
  ports: DrainPorts,
  signal: AbortSignal,
  tell: DrainListener,
): Promise<DrainSummary> {
  const options = resolveDrainOptions(request);
  const backlog = await ports.store.backlog(scopeOf(options), signal);
  const warnings = refuseUndrainable(backlog, options);
  for (const message of warnings) tell({ kind: 'warning', message });
  const { clock, executor, logger } = ports;
  if (backlog.candidates.length === 0) {
    const summary = nothingToDrain(backlog, executor.name, clock.now(), warnings);
    tell({ kind: 'stopped', summary });
    return summary;
  }

  const queue = new CandidateQueue(backlog.candidates, options);
  const session = await DrainSession.start(options, target, ports);
  const expected = Math.min(options.batchSize, backlog.candidates.length);
  const candidates = backlog.candidates.length;
  tell({
    kind: 'session-started',
    ...session.place,
    executor: executor.name,
    candidates,
    batchSize: expected,
  });
  let stop: ExplainedStop;
  try {
    stop = await takeAll({ options, target, ports, session, queue, expected, tell }, signal);
  } catch (error) {
    stop = stopOf(error);
    if (stop.kind === 'failed') logger.error(`The drain ${session.place.sessionId} failed.`, error);
  }
  const notTaken = queue.explain(session.ledger, { code: 'drain-ended', reason: stop.message });
  try {
    await session.end(stop);
  } catch (error) {
    warnings.push(`The end of the session could not be saved: ${serializeError(error).message}`);
    logger.error('The end of a drain session could not be saved.', error);
  }
  const summary = summarise(session, executor.name, stop, { endedAt: clock.now(), notTaken, warnings });
  tell({ kind: 'stopped', summary });
  return summary;
}

async function takeAll(running: RunningDrain, signal: AbortSignal): Promise<ExplainedStop> {
  const { options, ports, session, queue } = running;
  for (;;) {
    if (signal.aborted) return cancelledStop;
    const choice = queue.next(session.ledger);
    if (choice === null) return nothingLeftStop(queue.size);
    const limit = limitReached(session.ledger, options, ports.clock.now() - session.startedAt);
    if (limit !== null) return { ...limit, nextStep: null };
    const stop = await takeOne(running, choice, signal);
    if (stop !== null) return stop;
  }
}

/** Drains one phase; a stop means that no other should follow. */
async function takeOne(
  { options, target, ports, session, queue, expected, tell }: RunningDrain,
  choice: Choice,
  signal: AbortSignal,
): Promise<ExplainedStop | null> {
  const { candidate, attempt, reason } = choice;
  const key = { runId: candidate.runId, phaseId: candidate.phaseId };
  const number = session.ledger.results.length + 1;
  const begin = async (startedAt: number): Promise<void> => {
    await session.begin(choice, startedAt);
    const timeoutMs = options.phaseTimeoutSeconds * 1000;
    const of = Math.max(number, expected);
    tell({ kind: 'phase-started', key, number, of, attempt, reason, startedAt, timeoutMs });
  };
  const { sessionId } = session.place;
  const went = await drainPhase({ choice, sessionId, options, target, ports }, begin, signal);
  if (went.kind === 'changed') {
    queue.drop(key, went.skip);
    return null;
  }
  queue.settle(key, went.kind === 'executed' ? went.again : null);
  const verdict = await session.record(went.result);
  tell({ kind: 'phase-finished', result: went.result });
  if (verdict !== null) tell({ kind: 'run-judged', runId: candidate.runId, ...verdict });
  if (went.kind === 'lost') return stopOf(went.error);
  switch (went.result.outcome) {
    case 'cancelled':
      return cancelledStop;
    case 'failed-to-start':
      return unavailableStop(ports.executor.name, went.result);
    case 'exited':
    case 'timed-out':
      return null;
  }
}
