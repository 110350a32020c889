import type { PlannedPhase, SeedPlan } from './seedPlan.ts';

/** The plan with at most so many phases, the kinds taken in turn so that none is left out while another has several. */
export function limitPlan(plan: SeedPlan, most: number): SeedPlan {
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
