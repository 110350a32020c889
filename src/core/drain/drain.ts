import { serializeError } from '../errors.ts';
import type { DrainBacklog } from './candidate.ts';
import { CandidateQueue } from './candidateQueue.ts';
import { candidatesOf, queuedBesides } from './candidatesOf.ts';
import { type DrainOptions, resolveDrainOptions, scopeOf } from './drainOptions.ts';
import type { DrainOrder } from './drainOrder.ts';
import type { DrainPorts } from './drainPorts.ts';
import type { DrainListener } from './drainProgress.ts';
import { DrainSession } from './drainSession.ts';
import { type ExplainedStop, stopOf } from './drainStops.ts';
import type { DrainSummary } from './drainSummary.ts';
import { refuseUndrainable } from './refuseUndrainable.ts';
import { resumeSession } from './resumeSession.ts';
import { nothingToDrain, summarise } from './summarise.ts';
import { takeAll } from './takePhases.ts';

/**
 * Drains a database: sample-first, bounded, every stop explained.
 * Throws what is found before the first phase (`UserFacingError`, see {@link refuseUndrainable} and
 * {@link resumeSession}; `CancelledError`); from then on whatever happens, a cancelled signal too, ends in a summary
 * and a saved session.
 */
export async function drain(
  order: DrainOrder,
  ports: DrainPorts,
  signal: AbortSignal,
  tell: DrainListener,
): Promise<DrainSummary> {
  const { target, resume } = order;
  const warnings = [...(order.notes ?? [])];
  const database = await ports.store.identity(signal);
  const resumed =
    resume === undefined ? null : await resumeSession(resume, { ...order, database }, ports, signal);
  const options = resumed?.options ?? resolveDrainOptions(order.request);
  const backlog = resumed?.backlog ?? (await ports.store.backlog(scopeOf(options), signal));
  if (resumed === null) warnings.push(...refuseUndrainable(backlog, options));
  for (const message of warnings) tell({ kind: 'warning', message });
  if (resumed === null && candidatesOf(backlog, options, null).length === 0) {
    const summary = nothingToDrain(backlog, ports, warnings, options);
    tell({ kind: 'stopped', summary });
    return summary;
  }
  const session = resumed?.session ?? (await DrainSession.start(options, target, database, ports));
  return runSession({ order, options, ports, session, tell, warnings }, backlog, resumed, signal);
}

interface SessionRun {
  readonly order: DrainOrder;
  readonly options: DrainOptions;
  readonly ports: DrainPorts;
  readonly session: DrainSession;
  readonly tell: DrainListener;
  readonly warnings: string[];
}

async function runSession(
  run: SessionRun,
  atStart: DrainBacklog,
  resumed: Awaited<ReturnType<typeof resumeSession>> | null,
  signal: AbortSignal,
): Promise<DrainSummary> {
  const { options, ports, session, tell, warnings } = run;
  const { executor, logger, clock } = ports;
  const queueOf = (backlog: DrainBacklog): CandidateQueue => {
    const candidates = candidatesOf(backlog, options, session.ledger);
    const others = executor.runsFirstQueued === true ? queuedBesides(backlog, candidates) : null;
    return new CandidateQueue(candidates, options, session.ledger, others);
  };
  let queue = queueOf(atStart);
  const { results, taken } = session.ledger;
  const toCome = Math.max(0, Math.min(options.batchSize - taken, queue.size));
  // With what was cut short, each execution has its number.
  const expected = results.length + toCome;
  tell({
    kind: 'session-started',
    ...session.place,
    executor: executor.name,
    candidates: queue.size,
    batchSize: toCome,
  });
  let stop: ExplainedStop;
  const { gate } = run.order;
  gate?.watch((isClosed) => {
    tell({ kind: 'pause-changed', pause: isClosed ? 'pausing' : 'none', at: clock.now() });
  });
  try {
    if (resumed !== null && (await resumed.settleInterrupted(tell, signal))) {
      const backlog = await ports.store.backlog(scopeOf(options), signal);
      queue = queueOf(backlog);
    }
    const work = { ...run, target: run.order.target, gate, queue, expected };
    stop = await takeAll({ ...work, isTrial: resumed?.isTrial ?? false }, signal);
  } catch (error) {
    stop = stopOf(error);
    if (stop.kind === 'failed') logger.error(`The drain ${session.place.sessionId} failed.`, error);
  } finally {
    gate?.watch(null);
  }
  const notTaken = queue.explain({ code: 'drain-ended', reason: stop.message });
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
