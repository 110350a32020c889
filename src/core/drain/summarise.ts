import { matchWords } from '../model/phaseFilter.ts';
import { type DrainBacklog, drainableStates } from './candidate.ts';
import type { DrainOptions } from './drainOptions.ts';
import type { DrainPorts } from './drainPorts.ts';
import type { DrainSession } from './drainSession.ts';
import { type ExplainedStop, nextStepAfter } from './drainStops.ts';
import type { DrainSummary, SkipGroup } from './drainSummary.ts';
import { countOutcomes } from './outcomeCounts.ts';
import { eventsOf, noYield } from './phaseObservation.ts';
import { describeStates } from './refuseUndrainable.ts';

/** What a drain came to, from its session. */
export function summarise(
  session: DrainSession,
  executor: string,
  stop: ExplainedStop,
  rest: {
    readonly endedAt: number;
    readonly notTaken: readonly SkipGroup[];
    readonly warnings: readonly string[];
  },
): DrainSummary {
  const { place, ledger, startedAt, activeMs } = session;
  const { results } = ledger;
  const summary = {
    ...place,
    executor,
    startedAt,
    activeMs,
    stop: { kind: stop.kind, message: stop.message, complete: stop.complete },
    ...countOutcomes(results),
    events: eventsOf(ledger.yield),
    yield: ledger.yield,
    results: [...results],
    ...rest,
  };
  return { ...summary, nextStep: nextStepAfter(summary, stop.nextStep) };
}

/** The summary where there is no candidate: no session is made, and the states say why. */
export function nothingToDrain(
  backlog: DrainBacklog,
  { clock, executor }: Pick<DrainPorts, 'clock' | 'executor'>,
  warnings: readonly string[],
  { states, match }: Pick<DrainOptions, 'states' | 'match'>,
): DrainSummary {
  const now = clock.now();
  const wanted = (states ?? drainableStates).join(' or ');
  const sought = match === null ? '' : ` that matches ${matchWords(match).join(', ')}`;
  const summary = {
    sessionId: null,
    sessionPath: null,
    executor: executor.name,
    startedAt: now,
    endedAt: now,
    activeMs: 0,
    stop: {
      kind: 'nothing-left' as const,
      message: `No phase${sought} is ${wanted}. Phases by state: ${describeStates(backlog.phaseStates)}.`,
      complete: true,
    },
    ...countOutcomes([]),
    events: 0,
    yield: noYield,
    results: [],
    notTaken: [],
    warnings,
  };
  const isAllDone = (backlog.phaseStates.COMPLETE ?? 0) > 0;
  const nextStep =
    match !== null
      ? 'Look for other phases, or drain without a match.'
      : isAllDone
        ? 'Analyze the telemetry there is, or seed another run.'
        : 'Seed a telemetry run, or select another database.';
  return { ...summary, nextStep };
}
