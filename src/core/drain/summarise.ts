import type { State } from '../model/state.ts';
import { type DrainBacklog, drainableStates } from './candidate.ts';
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
  const { place, ledger, startedAt } = session;
  const { results } = ledger;
  const summary = {
    ...place,
    executor,
    startedAt,
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
  states: readonly State[] | null,
): DrainSummary {
  const now = clock.now();
  const wanted = (states ?? drainableStates).join(' or ');
  const summary = {
    sessionId: null,
    sessionPath: null,
    executor: executor.name,
    startedAt: now,
    endedAt: now,
    stop: {
      kind: 'nothing-left' as const,
      message: `No phase is ${wanted}: there is ${describeStates(backlog.phaseStates)}.`,
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
  const nextStep = isAllDone
    ? 'Analyze the telemetry there is, or seed another run.'
    : 'Seed a telemetry run, or select another database.';
  return { ...summary, nextStep };
}
