import { basename } from 'node:path';
import * as vscode from 'vscode';
import { UserFacingError } from '../../core/errors.ts';
import type { ClockPort } from '../../core/ports.ts';
import { Backups } from '../../node/guard/backups.ts';
import { planRestoration, restoreDatabase } from '../../node/guard/restoreDatabase.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { registerCommand } from '../commands/registerCommand.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { DisposableStore } from '../disposableStore.ts';
import type { ErrorReporter } from '../errors/errorReporter.ts';
import { formatBytes } from '../text/quantities.ts';
import { requireTrust } from '../workspace/requireTrust.ts';
import { guardFolder, guardOf } from './guardOf.ts';

/** What backing up and restoring need. */
export interface BackupDeps {
  readonly reader: DatabaseReader;
  readonly clock: ClockPort;
  readonly selected: SelectedDatabase;
  readonly errors: ErrorReporter;
}

/** **Back Up Database** and **Restore Backup**, of the selected database. */
export function registerBackups(deps: BackupDeps): DisposableStore {
  const store = new DisposableStore();
  store.add(registerCommand('backUpDatabase', deps.errors, () => backUp(deps)));
  store.add(registerCommand('restoreBackup', deps.errors, () => restore(deps)));
  return store;
}

async function backUp({ selected, clock, errors }: BackupDeps): Promise<void> {
  requireTrust('Backing up a database');
  const path = selected.requirePath();
  const made = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `Backing up ${basename(path)}` },
    () => new Backups(guardFolder(path)).make(path, 'asked', clock.now()),
  );
  errors.watch(
    vscode.window.showInformationMessage(
      `Backed up ${basename(path)} (${formatBytes(made.sizeBytes)}): ${made.path}`,
    ),
  );
}

async function restore(deps: BackupDeps): Promise<void> {
  requireTrust('Restoring a backup');
  const { reader, clock, selected, errors } = deps;
  const path = selected.requirePath();
  const backupPath = await pickBackup(path);
  if (backupPath === undefined) return;
  const { question, fileId } = await planRestoration(reader, path, backupPath);
  const button = 'Restore';
  const detail = 'What is there now is kept as a backup, too.';
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, button)) !== button) return;
  const workspaceFolder = guardFolder(path);
  const aside = await restoreDatabase({ path, backupPath, workspaceFolder, now: clock.now(), fileId });
  await guardOf(path, deps).pin(path);
  await selected.readFacts();
  const kept = aside === null ? '' : ` What was there before: ${aside}`;
  errors.watch(vscode.window.showInformationMessage(`Restored ${basename(path)}.${kept}`));
}

async function pickBackup(path: string): Promise<string | undefined> {
  const backups = await new Backups(guardFolder(path)).list(path);
  if (backups.length === 0) {
    throw new UserFacingError(
      'not-found',
      `There is no backup of ${basename(path)} yet.`,
      'Back up the database first; adopting it and marking stale phases make backups, too.',
    );
  }
  const picked = await vscode.window.showQuickPick(
    backups.map((backup) => ({
      label: new Date(backup.madeAt).toLocaleString(),
      description: `${backup.reason} · ${formatBytes(backup.sizeBytes)}`,
      detail: backup.path,
      path: backup.path,
    })),
    { title: `Restore ${basename(path)}`, placeHolder: 'Which backup? The newest is first.' },
  );
  return picked?.path;
}
