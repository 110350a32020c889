import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { DatabaseWriterPort } from '../../core/db/databasePorts.ts';
import { UserFacingError } from '../../core/errors.ts';
import type { ClockPort } from '../../core/ports.ts';
import { initDatabase } from '../../core/seed/seedDatabase.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { registerCommand, executeCommand } from '../commands/registerCommand.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { guardOf } from '../database/guardOf.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';
import type { Offers } from '../offers/offers.ts';
import { localFolders, requireTrust } from '../window/workspaceFolders.ts';
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

const defaultName = 'autopack_telemetry_seed.db';
const seedNow = 'Select and Seed';
const selectOnly = 'Select';

/** What making a database needs. */
interface CreateSeedDatabaseDeps {
  readonly reader: DatabaseReader;
  readonly writer: DatabaseWriterPort;
  readonly selected: SelectedDatabase;
  readonly clock: ClockPort;
  readonly offers: Offers;
}

/** Create Telemetry Seed Database: asks where, makes it, and offers to select and seed it. An existing file is never touched. */
async function createSeedDatabase({
  reader,
  writer,
  selected,
  clock,
  offers,
}: CreateSeedDatabaseDeps): Promise<void> {
  requireTrust('Creating a database');
  const [folder] = localFolders();
  const target = await vscode.window.showSaveDialog({
    title: 'Create Telemetry Seed Database',
    saveLabel: 'Create',
    filters: { 'SQLite databases': ['db', 'sqlite', 'sqlite3'] },
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder.uri, defaultName) }),
  });
  if (target === undefined) return;
  if (target.scheme !== 'file') {
    throw new UserFacingError(
      'invalid-argument',
      'A database can only be created in a folder on the machine where the extension runs.',
      'Choose another folder.',
    );
  }
  const path = target.fsPath;
  const { nextStep } = await initDatabase(writer, path, {
    id: randomUUID(),
    role: 'seed',
    createdAt: clock.now(),
  });
  await guardOf(path, { reader, clock }).pin(path);
  const offer = await offers.aboutNew(path);
  const choice = await offer.ask({
    severity: 'information',
    message: `Created the telemetry seed database ${basename(path)}. ${nextStep}`,
    buttons: [seedNow, selectOnly],
  });
  if (choice === undefined) return;
  await selected.select(path);
  if (choice === seedNow) await executeCommand('seedRun');
}
