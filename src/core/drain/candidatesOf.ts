import type { Candidate, DrainBacklog } from './candidate.ts';
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
  return candidates.filter((each) => states.includes(each.state) || (ledger?.attemptsOf(each) ?? 0) > 0);
}
