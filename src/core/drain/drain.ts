import { serializeError } from '../errors.ts';
import { matchWords } from '../model/phaseFilter.ts';
import { eventsOf, noYield } from '../model/phaseObservation.ts';
import { keyOf, drainableStates, type DrainBacklog, type Candidate } from '../queries/candidates.ts';
import { t } from '../text/l10n.ts';
import { CandidateQueue } from './candidateQueue.ts';
import type { DrainLedger } from './drainLedger.ts';
import { resolveDrainOptions, scopeOf, type DrainOptions } from './drainOptions.ts';
import type { DrainOrder, DrainPorts } from './drainPorts.ts';
import type { DrainListener } from './drainProgress.ts';
import { countOutcomes } from './drainResult.ts';
import { DrainSession } from './drainSession.ts';
import { stopOf, nextStepAfter, type ExplainedStop } from './drainStops.ts';
import type { DrainSummary, SkipGroup } from './drainSummary.ts';
import { refuseUndrainable, describeStates } from './refuseUndrainable.ts';
import { leadShared } from './leadShared.ts';
import { resumeSession, type ResumedSession } from './resumeSession.ts';
import { runQueue } from './runQueue.ts';
import type { OpenDrain } from './sharedDrain.ts';

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
  notify: DrainListener,
): Promise<DrainSummary> {
  const { resume } = order;
  const warnings = [...(order.notes ?? [])];
  const database = await ports.store.identity(signal);
  const resumed = resume === undefined ? null : await resumeSession(resume, order, database, ports, signal);
  const options = resumed?.options ?? resolveDrainOptions(order.options);
  const backlog = resumed?.backlog ?? (await ports.store.backlog(scopeOf(options), signal));
  if (resumed === null) warnings.push(...refuseUndrainable(backlog, options));
  for (const message of warnings) notify({ kind: 'warning', message });
  if (resumed === null && candidatesOf(backlog, options, null).length === 0) {
    const summary = nothingToDrain(backlog, ports, warnings, options);
    notify({ kind: 'stopped', summary });
    return summary;
  }
  const session = resumed?.session ?? (await DrainSession.start(options, order, database, ports));
  return runSession({ order, options, ports, session, notify, warnings }, backlog, resumed, signal);
}

interface SessionRun {
  readonly order: DrainOrder;
  readonly options: DrainOptions;
  readonly ports: DrainPorts;
  readonly session: DrainSession;
  readonly notify: DrainListener;
  readonly warnings: string[];
}

async function runSession(
  run: SessionRun,
  atStart: DrainBacklog,
  resumed: ResumedSession | null,
  signal: AbortSignal,
): Promise<DrainSummary> {
  const { options, ports, session, notify, warnings } = run;
  const { executor, logger, clock } = ports;
  const queue = new CandidateQueue([], options, session.ledger);
  const fill = (backlog: DrainBacklog): void => {
    const candidates = candidatesOf(backlog, options, session.ledger);
    queue.refill(candidates, executor.runsFirstQueued === true ? queuedBesides(backlog, candidates) : null);
  };
  const refill = async (): Promise<void> => fill(await ports.store.backlog(scopeOf(options), signal));
  fill(atStart);
  const { results, taken } = session.ledger;
  const toCome = Math.max(0, Math.min(options.batchSize - taken, queue.size));
  // With what was cut short, each execution has its number.
  const expected = results.length + toCome;
  const isTrial = resumed?.isTrial ?? false;
  const open = (await openShared(run, resumed)) ?? null;
  notify({
    kind: 'session-started',
    ...session.place,
    executor: executor.name,
    candidates: queue.size,
    batchSize: toCome,
  });
  await noteBegin(run, toCome);
  let stop: ExplainedStop;
  const { gate } = run.order;
  gate?.watch((isClosed) => {
    notify({ kind: 'pause-changed', pause: isClosed ? 'pausing' : 'none', at: clock.now() });
    void open?.shared.pause(isClosed).catch((error: unknown) => {
      logger.warn(`The pause could not be told to the workers: ${serializeError(error).message}`);
    });
  });
  try {
    if (resumed !== null && (await resumed.settleInterrupted(notify, signal))) await refill();
    const work = { ...run, target: run.order, gate, queue, expected };
    stop =
      open === null
        ? await runQueue({ ...work, isTrial }, signal)
        : await leadShared({ ...work, ...open, refill }, signal);
  } catch (error) {
    stop = stopOf(error);
    if (stop.kind === 'failed') logger.error(`The drain ${session.place.sessionId} failed.`, error);
  } finally {
    gate?.watch(null);
    await open?.close();
  }
  const notTaken = queue.explain({ code: 'drain-ended', reason: stop.message });
  await noteEnd(run, stop);
  try {
    await session.end(stop);
  } catch (error) {
    warnings.push(t`The end of the session could not be saved: ${serializeError(error).message}`);
    logger.error('The end of a drain session could not be saved.', error);
  }
  const summary = summarise(session, executor.name, stop, { endedAt: clock.now(), notTaken, warnings });
  notify({ kind: 'stopped', summary });
  return summary;
}

function openShared(
  { ports, session, options }: SessionRun,
  resumed: ResumedSession | null,
): Promise<OpenDrain> | undefined {
  const { place, ledger, databaseId } = session;
  const { results } = ledger;
  const { name: executor } = ports.executor;
  return ports.sharing?.open({
    ...{ id: place.sessionId, isNew: resumed === null, databaseId, executor, options, results },
    ...{ isTrial: resumed?.isTrial ?? false, corrected: resumed?.corrected ?? [] },
  });
}

/** Notes in the database's journal that the drain begins: what Autopack's own programs write from now on is its work. */
async function noteBegin({ ports, session, notify, warnings }: SessionRun, phases: number): Promise<void> {
  const { sessionId } = session.place;
  try {
    session.changed(await ports.store.begin({ sessionId, executor: ports.executor.name, phases }));
  } catch (error) {
    const message = t`The begin of the drain could not be noted in the journal: ${serializeError(error).message}`;
    warnings.push(message);
    notify({ kind: 'warning', message });
  }
}

/** Notes how it ended. Where the database is no longer there, or another, the stop says so already. */
async function noteEnd({ ports, session }: SessionRun, stop: ExplainedStop): Promise<void> {
  const { results } = session.ledger;
  const succeeded = results.filter(({ success }) => success).length;
  try {
    session.changed(await ports.store.end({ executed: results.length, succeeded, stop: stop.kind }));
  } catch (error) {
    ports.logger.warn(
      `The end of the drain could not be noted in the journal: ${serializeError(error).message}`,
    );
  }
}

/**
 * The candidates a drain is about. Those it was told to leave by their state stay out, but not one that got into that
 * state by an attempt of this very drain.
 */
export function candidatesOf(
  { candidates }: DrainBacklog,
  { states }: Pick<DrainOptions, 'states'>,
  ledger: DrainLedger | null,
): readonly Candidate[] {
  if (states === null) return candidates;
  return candidates.filter((each) => states.includes(each.state) || (ledger?.executionsOf(each) ?? 0) > 0);
}

/** The QUEUED phases of the candidates' runs that the drain is not about, but which an executor may run first. */
export function queuedBesides(
  { candidates, otherQueued }: DrainBacklog,
  chosen: readonly Candidate[],
): readonly Candidate[] {
  if (chosen.length === candidates.length) return otherQueued;
  const keys = new Set(chosen.map(keyOf));
  const runs = new Set(chosen.map(({ runId }) => runId));
  const left = candidates.filter((each) => each.state === 'QUEUED' && !keys.has(keyOf(each)));
  return [...otherQueued, ...left].filter(({ runId }) => runs.has(runId));
}

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
function nothingToDrain(
  backlog: DrainBacklog,
  { clock, executor }: Pick<DrainPorts, 'clock' | 'executor'>,
  warnings: readonly string[],
  { states, match }: Pick<DrainOptions, 'states' | 'match'>,
): DrainSummary {
  const now = clock.now();
  const wanted = (states ?? drainableStates).join(t` or `);
  const byState = describeStates(backlog.phaseStates);
  const summary = {
    sessionId: null,
    sessionPath: null,
    executor: executor.name,
    startedAt: now,
    endedAt: now,
    activeMs: 0,
    stop: {
      kind: 'nothing-left' as const,
      message:
        match === null
          ? t`No phase is ${wanted}. Phases by state: ${byState}.`
          : t`No phase that matches ${matchWords(match).join(', ')} is ${wanted}. Phases by state: ${byState}.`,
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
      ? t`Look for other phases, or drain without a match.`
      : isAllDone
        ? t`Analyze the telemetry there is, or seed another run.`
        : t`Seed a telemetry run, or select another database.`;
  return { ...summary, nextStep };
}
