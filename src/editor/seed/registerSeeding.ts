import { registerCommand } from '../commands/registerCommand.ts';
import { DisposableStore } from '../disposableStore.ts';
import type { ErrorReporter } from '../errors/errorReporter.ts';
import { createSeedDatabase, type CreateSeedDatabaseDeps } from './createSeedDatabase.ts';
import { seedMore } from './seedMore.ts';
import { seedTelemetryRun, type SeedTelemetryRunDeps } from './seedTelemetryRun.ts';

/** What the commands that make and seed databases need. */
export interface SeedingDeps extends CreateSeedDatabaseDeps, SeedTelemetryRunDeps {
  readonly errors: ErrorReporter;
}

/** The commands that make and seed telemetry seed databases. */
export function registerSeeding(deps: SeedingDeps): DisposableStore {
  const store = new DisposableStore();
  store.add(registerCommand('createSeedDatabase', deps.errors, () => createSeedDatabase(deps)));
  store.add(registerCommand('seedRun', deps.errors, () => seedTelemetryRun(deps)));
  store.add(registerCommand('seedMore', deps.errors, () => seedMore(deps)));
  return store;
}
