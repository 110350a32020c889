import { timeId } from '../model/timeId.ts';
import { stillToSeed } from '../telemetry/coverage/coverage.ts';
import type { Coverage } from '../telemetry/coverage/coverage.ts';
import { telemetryCollectionV4, telemetryFolder } from './plans/telemetryCollectionV4.ts';
import type { SeedInventory } from './seedInventory.ts';
import type { PlannedPhase, SeedPlan } from './seedPlan.ts';
import { TargetedTasks } from './targetedPhases.ts';

/** How much longer a run may take for each phase, in minutes: as the reference's plan has it. */
const minutesPerPhase = 12;

/**
 * A run with just the phases whose kinds are missing and do not wait already, or `null` if there are none. Its ids and
 * deliverables are no earlier run's; `now` (ms since the epoch) names it.
 */
export function planTargetedRun(coverage: Coverage, existing: SeedInventory, now: number): SeedPlan | null {
  const tasks = new TargetedTasks(existing.deliverables);
  const stamp = timeId(now);
  const usedIds = new Set(existing.phaseIds);
  const phases: PlannedPhase[] = [];
  for (const cell of coverage.cells) {
    for (let missing = stillToSeed(cell); missing > 0; missing -= 1) {
      const task = tasks.next(cell);
      if (task === null) break;
      const { stem, ...phase } = task;
      const number = String(phases.length + 1).padStart(2, '0');
      phases.push({ ...phase, phaseId: unused(`telemetry-${stamp}-${number}-${stem}`, usedIds) });
    }
  }
  if (phases.length === 0) return null;
  return {
    ...telemetryCollectionV4,
    runId: unused(`telemetry-collection-targeted-${stamp}`, new Set(existing.runIds)),
    tokenCap: Math.max(
      telemetryCollectionV4.tokenCap,
      phases.length * telemetryCollectionV4.incidentTokenCap,
    ),
    maxPhases: Math.max(telemetryCollectionV4.maxPhases, phases.length),
    maxDurationMinutes: Math.max(telemetryCollectionV4.maxDurationMinutes, phases.length * minutesPerPhase),
    tier: {
      ...telemetryCollectionV4.tier,
      name: 'Targeted telemetry collection',
      description: 'Small self-contained tasks of the kinds of which too little is known.',
    },
    paths: [telemetryFolder],
    phases,
  };
}

function unused(name: string, used: Set<string>): string {
  let free = name;
  for (let number = 2; used.has(free); number += 1) free = `${name}-${number}`;
  used.add(free);
  return free;
}
