import type { SeedInventory } from '../seed/seedInventory.ts';
import { telemetryCoverage } from '../telemetry/coverage/coverage.ts';
import type { Coverage } from '../telemetry/coverage/coverage.ts';
import type { QueryContext } from './queryContext.ts';
import { seedInventory } from './seedInventory.ts';
import { telemetrySource } from './telemetrySource.ts';

/** What is known of each kind of phase, and what a run that collects the rest must not collide with. */
export interface CoverageAnswer {
  readonly coverage: Coverage;
  readonly existing: SeedInventory;
}

/** The coverage of a database. Fails with `no-telemetry-table`. */
export function coverage(context: QueryContext): CoverageAnswer {
  const existing = seedInventory(context);
  const { samples } = telemetrySource(context);
  return { coverage: telemetryCoverage(samples, existing.waiting), existing };
}
