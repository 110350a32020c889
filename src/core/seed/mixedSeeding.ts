import type { TableCounts } from '../model/databaseFacts.ts';
import { countOf } from '../telemetry/formatFigures.ts';
import type { SeedPlan } from './seedPlan.ts';

/** What seeding would mix up in a database that is no telemetry seed, as a sentence. */
export function mixingText(
  { runs, phases, tokenEstimationEvents }: TableCounts,
  { phases: planned }: Pick<SeedPlan, 'phases'>,
): string {
  const there = [
    countOf(runs ?? 0, 'run'),
    countOf(phases ?? 0, 'phase'),
    countOf(tokenEstimationEvents ?? 0, 'telemetry event'),
  ].join(', ');
  return `${countOf(planned.length, 'made-up phase')} and their telemetry would mix with what is there: ${there}.`;
}
