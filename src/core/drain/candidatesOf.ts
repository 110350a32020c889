import { type Candidate, type DrainBacklog, keyOf } from './candidate.ts';
import type { DrainLedger } from './drainLedger.ts';
import type { DrainOptions } from './drainOptions.ts';

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
