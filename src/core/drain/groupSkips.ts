import type { PhaseKey } from '../model/phase.ts';
import type { SkipGroup } from './drainSummary.ts';
import type { Skip } from './skip.ts';

/** Phases that are left alone, grouped by the reason, in the order of each reason's first phase. */
export function groupSkips(skips: readonly { readonly key: PhaseKey; readonly skip: Skip }[]): SkipGroup[] {
  const groups = new Map<string, { skip: Skip; phases: PhaseKey[] }>();
  for (const { key, skip } of skips) {
    const group = groups.get(skip.reason) ?? { skip, phases: [] };
    group.phases.push({ runId: key.runId, phaseId: key.phaseId });
    groups.set(skip.reason, group);
  }
  return [...groups.values()].map(({ skip, phases }) => ({ ...skip, phases }));
}
