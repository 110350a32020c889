import { t } from '../../core/text/l10n.ts';
import { databaseName } from '../../core/db/databaseName.ts';
import type { CommandHandlers } from '../commands/registerCommand.ts';
import { requireTrust } from '../window/workspaceFolders.ts';
import { askSeedPath, makeSeedDatabase, type NewSeedDatabaseDeps } from './newSeedDatabase.ts';
import { seedMore } from './seedMore.ts';
import { seedTelemetryRun, type SeedTelemetryRunDeps } from './seedTelemetryRun.ts';

/** What the commands that make and seed databases need. */
export type SeedingDeps = NewSeedDatabaseDeps & SeedTelemetryRunDeps;

/** The commands that make and seed telemetry seed databases. */
export function seedingCommands(
  deps: SeedingDeps,
): CommandHandlers<'createSeedDatabase' | 'seedRun' | 'seedMore'> {
  return {
    createSeedDatabase: () => createSeedDatabase(deps),
    seedRun: () => seedTelemetryRun(deps),
    seedMore: () => seedMore(deps),
  };
}

/** Create Telemetry Seed Database: asks where, makes it, and offers to select and seed it. An existing file is never touched. */
async function createSeedDatabase(deps: SeedingDeps): Promise<void> {
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
