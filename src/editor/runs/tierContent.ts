import type { Phase } from '../../core/model/phase.ts';
import type { RunDetail, Tier } from '../../core/model/run.ts';

/** A tier, `null` for none, with those of its phases that are shown. */
export interface TierContent {
  readonly tier: Tier | null;
  readonly shown: readonly Phase[];
  readonly phasesInAll: number;
}

/**
 * Phases below their tiers, in order; those whose tier does not exist come last, below `null`. Where phases have to pass a
 * filter (`null` lets all), tiers without one that does are left out.
 */
export function groupByTier(
  { tiers, phases }: Pick<RunDetail, 'tiers' | 'phases'>,
  passes: ((phase: Phase) => boolean) | null,
): readonly TierContent[] {
  const known = new Set(tiers.map(({ id }) => id));
  const contentOf = (tier: Tier | null, own: readonly Phase[]): TierContent => ({
    tier,
    shown: passes === null ? own : own.filter(passes),
    phasesInAll: own.length,
  });
  const orphans = phases.filter(({ tierRowId }) => tierRowId === null || !known.has(tierRowId));
  const groups = [
    ...tiers.map((tier) =>
      contentOf(
        tier,
        phases.filter(({ tierRowId }) => tierRowId === tier.id),
      ),
    ),
    ...(orphans.length === 0 ? [] : [contentOf(null, orphans)]),
  ];
  return passes === null ? groups : groups.filter(({ shown }) => shown.length > 0);
}
