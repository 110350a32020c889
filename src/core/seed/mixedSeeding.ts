import type { TableCounts } from '../model/databaseFacts.ts';
import { counted } from '../text/quantities.ts';
import type { SeedPlan } from './seedPlan.ts';

/** What seeding would mix up in a database that is no telemetry seed, as a sentence. */
export function mixingText(
  { runs, phases, tokenEstimationEvents }: TableCounts,
  { phases: planned }: Pick<SeedPlan, 'phases'>,
): string {
  const there = [
    counted(runs ?? 0, 'run'),
    counted(phases ?? 0, 'phase'),
    counted(tokenEstimationEvents ?? 0, 'telemetry event'),
  ].join(', ');
  return `${counted(planned.length, 'made-up phase')} and their telemetry would mix with what is there: ${there}.`;
}
