import type { DatabaseFacts } from '../model/databaseFacts.ts';
import type { Coverage } from '../telemetry/analysis/coverage.ts';

/**
 * What a quickstart does next with a seed database: seed the usual run into an empty one, drain what is queued, drain
 * again what has failed where nothing has given a clean sample yet, seed what the coverage lacks, or look at the report.
 */
export type QuickstartStage = 'seed' | 'drain-queued' | 'drain-failed' | 'seed-more' | 'report';

/** Where a seed database stands on the way to enough clean samples; no earlier step is repeated. */
export function quickstartStage(
  { phaseStates }: Pick<DatabaseFacts, 'phaseStates'>,
  { have, need }: Coverage['phases'],
): QuickstartStage {
  if (have >= need) return 'report';
  if (Object.values(phaseStates).every((count) => count === 0)) return 'seed';
  if ((phaseStates.QUEUED ?? 0) > 0) return 'drain-queued';
  return have === 0 && (phaseStates.FAILED ?? 0) > 0 ? 'drain-failed' : 'seed-more';
}
