import type { Coverage } from '../telemetry/analysis/coverage.ts';
import { planTargetedRun } from './planTargetedRun.ts';
import type { SeedInventory } from './seedInventory.ts';
import type { PlannedPhase, SeedPlan } from './seedPlan.ts';

/** What a database holds, as far as collecting samples goes. */
export interface CollectedSoFar {
  readonly coverage: Coverage;
  readonly existing: SeedInventory;
  /** The time, in ms since the epoch: it names what is seeded. */
  readonly now: number;
}

/**
 * A run of the kinds that the coverage lacks, with at most as many phases as clean samples are missing; `null` where there
 * is no kind left to seed.
 */
export function planMissingSamples({ coverage, existing, now }: CollectedSoFar): SeedPlan | null {
  const { have, need } = coverage.phases;
  const plan = planTargetedRun(coverage, existing, now);
  return plan === null ? null : limitPlan(plan, need - have);
}

/** The plan with at most so many phases, the kinds taken in turn so that none is left out while another has several. */
function limitPlan(plan: SeedPlan, most: number): SeedPlan {
  if (plan.phases.length <= most) return plan;
  const kinds = new Map<string, PlannedPhase[]>();
  for (const phase of plan.phases) {
    const kind = `${phase.category}/${phase.complexity}/${phase.deliverables.length > 1 ? 'several' : 'one'}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), phase]);
  }
  const chosen = new Set<PlannedPhase>();
  for (let turn = 0; chosen.size < most; turn += 1) {
    for (const phases of kinds.values()) {
      const phase = phases[turn];
      if (phase !== undefined && chosen.size < most) chosen.add(phase);
    }
  }
  return { ...plan, phases: plan.phases.filter((phase) => chosen.has(phase)) };
}
