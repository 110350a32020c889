import { t } from '../../core/text/l10n.ts';
import { databaseName } from '../../node/system/databaseName.ts';
import { registerCommand } from '../commands/registerCommand.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';
import { requireTrust } from '../window/workspaceFolders.ts';
import { askSeedPath, makeSeedDatabase, type NewSeedDatabaseDeps } from './newSeedDatabase.ts';
import { seedMore } from './seedMore.ts';
import { seedTelemetryRun, type SeedTelemetryRunDeps } from './seedTelemetryRun.ts';

/** What the commands that make and seed databases need. */
export interface SeedingDeps extends CreateSeedDatabaseDeps {
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

/** What making a database needs. */
type CreateSeedDatabaseDeps = NewSeedDatabaseDeps & SeedTelemetryRunDeps;

/** Create Telemetry Seed Database: asks where, makes it, and offers to select and seed it. An existing file is never touched. */
async function createSeedDatabase(deps: CreateSeedDatabaseDeps): Promise<void> {
  requireTrust(t`Creating a database`);
  const { selected, offers } = deps;
  const path = await askSeedPath(t`Create Telemetry Seed Database`);
  if (path === undefined) return;
  const { nextStep } = await makeSeedDatabase(path, deps);
  const offer = await offers.aboutNew(path);
  const seedNow = t`Select and Seed`;
  const choice = await offer.ask({
    severity: 'information',
    message: t`Created the telemetry seed database ${databaseName(path)}. ${nextStep}`,
    buttons: [seedNow, t`Select`],
  });
  if (choice === undefined) return;
  await selected.select(path);
  // They said so just now, of a database that nobody else knows yet.
  if (choice === seedNow) await seedTelemetryRun(deps, true);
}
