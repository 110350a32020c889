import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { DatabaseWriterPort } from '../../core/db/databasePorts.ts';
import { UserFacingError } from '../../core/errors.ts';
import type { ClockPort } from '../../core/ports.ts';
import { initDatabase, type InitResult } from '../../core/seed/seedDatabase.ts';
import { t } from '../../core/text/l10n.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { guardOf } from '../database/guardOf.ts';
import { localFolders } from '../window/workspaceFolders.ts';

/** What a telemetry seed database is called as a rule. */
export const usualSeedName = 'autopack_telemetry_seed.db';

/** What making a database needs. */
export interface NewSeedDatabaseDeps {
  readonly reader: DatabaseReader;
  readonly writer: DatabaseWriterPort;
  readonly clock: ClockPort;
}

/** Asks for the file of a new database, under `name` in the workspace unless said otherwise; its absolute path. */
export async function askSeedPath(title: string, name = usualSeedName): Promise<string | undefined> {
  const [folder] = localFolders();
  const target = await vscode.window.showSaveDialog({
    title,
    saveLabel: t`Create`,
    filters: { [t`SQLite databases`]: ['db', 'sqlite', 'sqlite3'] },
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder.uri, name) }),
  });
  if (target === undefined || target.scheme === 'file') return target?.fsPath;
  throw new UserFacingError(
    'invalid-argument',
    t`A database can only be created in a folder on the machine where the extension runs.`,
    t`Choose another folder.`,
  );
}

/** Makes a telemetry seed database, and remembers it as one of ours. Throws `exists`: a file is never touched. */
export async function makeSeedDatabase(
  path: string,
  { reader, writer, clock }: NewSeedDatabaseDeps,
): Promise<InitResult> {
  const identity = { id: randomUUID(), role: 'seed', createdAt: clock.now() } as const;
  const made = await initDatabase(writer, path, identity);
  await guardOf(path, { reader, clock }).pin(path);
  return made;
}
