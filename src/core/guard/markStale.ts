import { TolerantSchema } from '../db/tolerantSchema.ts';
import type { WriteDatabase, WriteOperation } from '../db/writeDatabase.ts';
import { keyOf } from '../drain/candidate.ts';
import { failPhase } from '../drain/failPhase.ts';
import { stalePhases } from '../queries/stalePhases.ts';
import type { StalePhase } from './stalePhase.ts';

/**
 * Sets the phases FAILED that a person agreed to, with a reason; tells how many. Those that somebody changed since are
 * left alone: what is stale is looked up again, here with the lock held. Times are ms since the epoch.
 */
export function markStale(
  db: WriteDatabase,
  agreed: readonly StalePhase[],
  { before, now }: { readonly before: number; readonly now: number },
): number {
  const still = stalePhases({ db, schema: TolerantSchema.read(db) }, before, now).stale;
  const states = new Map(still.map((phase) => [keyOf(phase), phase.state]));
  return agreed.filter((phase) => {
    if (states.get(keyOf(phase)) !== phase.state) return false;
    return failPhase(db, phase, staleReason(phase), phase.state, now);
  }).length;
}

/** {@link markStale} as the writer takes it. */
export const markStaleOperation: WriteOperation<
  { readonly stale: readonly StalePhase[]; readonly before: number; readonly now: number },
  number
> = { name: 'mark-stale', run: (db, { stale, ...times }) => markStale(db, stale, times) };

/** What is written as the reason of the failure. */
export function staleReason({ state, since }: StalePhase): string {
  const when = since === null ? 'an unknown time' : new Date(since).toISOString();
  return `STALE: ${state} without a change since ${when}, and no program was at work on it`;
}
