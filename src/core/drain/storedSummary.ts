import type { StoredSession } from './drainPorts.ts';
import { cancelledStop, limitStop, nextStepAfter } from './drainStops.ts';
import { type DrainStop, drainStopKinds, type DrainSummary } from './drainSummary.ts';
import { countOutcomes } from './outcomeCounts.ts';
import { addYields, eventsOf, noYield } from './phaseObservation.ts';

/**
 * What a drain came to, from its session files: without warnings and what was not taken, which they do not hold. `null`
 * for a drain that was killed or goes on, and for one of the reference.
 */
export function storedSummary({ sessionPath, facts }: StoredSession): DrainSummary | null {
  if (facts?.stop == null) return null;
  const { sessionId, executor, startedAt, activeMs, results, status } = facts;
  const { message } = facts.stop;
  const kind = drainStopKinds.find((each) => each === facts.stop?.kind) ?? 'failed';
  const stop: DrainStop = { kind, message, complete: status === 'complete' };
  const total = results.reduce((sum, result) => addYields(sum, result.yield), noYield);
  const last = results.at(-1);
  const summary = {
    sessionId,
    sessionPath,
    executor,
    startedAt,
    endedAt: last?.finishedAt ?? startedAt,
    activeMs,
    stop,
    ...countOutcomes(results),
    events: eventsOf(total),
    yield: total,
    results,
    notTaken: [],
    warnings: [],
  };
  const { nextStep } = kind === 'cancelled' ? cancelledStop : limitStop(stop, last);
  return { ...summary, nextStep: nextStepAfter(summary, nextStep) };
}
