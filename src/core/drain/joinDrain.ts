import { candidatesOf, queuedBesides, summarise } from './drain.ts';
import { CandidateQueue } from './candidateQueue.ts';
import { scopeOf } from './drainOptions.ts';
import type { DrainLocation, DrainPorts } from './drainPorts.ts';
import type { DrainListener } from './drainProgress.ts';
import { DrainSession } from './drainSession.ts';
import type { DrainSummary } from './drainSummary.ts';
import { workToEnd } from './runShared.ts';
import type { OpenDrain } from './sharedDrain.ts';

/**
 * Works on a drain that another process has begun, until it stops or this one is ended, which leaves the drain to the others.
 * Of the session only logs are written here. Throws what the database's end does before the first phase.
 */
export async function joinDrain(
  target: DrainLocation,
  open: OpenDrain,
  ports: DrainPorts,
  signal: AbortSignal,
  notify: DrainListener,
): Promise<DrainSummary> {
  const { shared, host } = open;
  const { options } = shared;
  const { executor, clock } = ports;
  const database = await ports.store.identity(signal);
  const session = await DrainSession.start(options, target, database, ports);
  const { results } = await shared.look(signal);
  await session.record(results, () => undefined);
  const queue = new CandidateQueue([], options, session.ledger);
  const refill = async (): Promise<void> => {
    const backlog = await ports.store.backlog(scopeOf(options), signal);
    const candidates = candidatesOf(backlog, options, session.ledger);
    queue.refill(candidates, executor.runsFirstQueued === true ? queuedBesides(backlog, candidates) : null);
  };
  await refill();
  const { size } = queue;
  const expected = results.length + Math.max(0, Math.min(options.batchSize - session.ledger.taken, size));
  const batchSize = expected - results.length;
  notify({
    kind: 'session-started',
    ...session.place,
    executor: executor.name,
    candidates: size,
    batchSize,
  });
  const work = { options, target, ports, session, queue, refill, expected, notify, shared, host };
  const { stop } = await workToEnd(work, signal);
  const notTaken = queue.explain({ code: 'drain-ended', reason: stop.message });
  const summary = summarise(session, executor.name, stop, { endedAt: clock.now(), notTaken, warnings: [] });
  notify({ kind: 'stopped', summary });
  return summary;
}
