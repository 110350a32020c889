import { t } from '../text/l10n.ts';
import { cancelledStop, stopOf, type ExplainedStop } from './drainStops.ts';
import { nothingReported, takeResults, reportState, workToEnd, type SharedWork } from './runShared.ts';
import type { OpenDrain, SharedState } from './sharedDrain.ts';

/** The part of the process that began a drain. */
interface SharedLead extends SharedWork, Pick<OpenDrain, 'work'> {
  /** For the summary. */
  readonly warnings: string[];
}

/** How often the one that leads looks what the workers are at, in ms. */
const lookMs = 500;

/**
 * Works on a drain that this process began, or where others do the work, watches over it. A person who ends or pauses it here
 * ends or pauses it for all.
 */
export async function leadShared(lead: SharedLead, signal: AbortSignal): Promise<ExplainedStop> {
  const { shared, ports } = lead;
  const cancel = (): void => {
    void shared.stop(cancelledStop()).catch((error: unknown) => {
      ports.logger.warn(`The workers could not be told that the drain is cancelled: ${String(error)}`);
    });
  };
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    const own = lead.work === null ? await workToEnd(lead, signal) : null;
    if (own?.hasLeft === false) return own.stop;
    const stop = await watchWorkers(lead, own?.stop ?? null);
    return signal.aborted && stop.kind === 'failed' ? cancelledStop() : stop;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

/**
 * Follows the workers until the last has ended, those of other machines too. `own` is why this process has ended its own work.
 * Where the server is gone for this process, its workers end: nobody would watch over them.
 */
async function watchWorkers(lead: SharedLead, own: ExplainedStop | null): Promise<ExplainedStop> {
  const { shared, ports, notify, warnings } = lead;
  const onWarning = (message: string): void => {
    warnings.push(message);
    notify({ kind: 'warning', message });
  };
  const watch = { haveEnded: false };
  const ending = new AbortController();
  const working = (lead.work?.(onWarning, ending.signal) ?? Promise.resolve()).finally(
    () => (watch.haveEnded = true),
  );
  // What keeps them from working is reported by what is awaited below.
  working.catch(() => undefined);
  let reported = nothingReported;
  try {
    for (;;) {
      const wereEnded = watch.haveEnded;
      const state = await shared.look();
      await takeResults(lead, state.results);
      reported = reportState(lead, state, reported);
      const others = state.workers.filter(({ executes, isAlive }) => executes && isAlive);
      if (wereEnded && others.length === 0) return await ended(lead, state, own, working);
      await ports.clock.sleep(lookMs);
    }
  } catch (error) {
    ending.abort();
    await working.catch(() => undefined);
    throw error;
  }
}

async function ended(
  { shared, work }: SharedLead,
  state: SharedState,
  own: ExplainedStop | null,
  working: Promise<void>,
): Promise<ExplainedStop> {
  const problem = await working.then(
    () => null,
    (error: unknown) => stopOf(error),
  );
  const stop = state.stop ?? own ?? problem ?? vanishedStop();
  if (work !== null) await shared.leave(stop);
  return stop;
}

const vanishedStop = (): ExplainedStop => ({
  kind: 'failed',
  message: t`All workers of the drain have ended before it was done.`,
  complete: false,
  nextStep: t`Read the log of the workers, then resume the session: what they left is set right first.`,
});
