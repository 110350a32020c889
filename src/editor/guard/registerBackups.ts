import { basename } from 'node:path';
import * as vscode from 'vscode';
import { UserFacingError } from '../../core/errors.ts';
import { backUpDatabase } from '../../node/maintenance/withBackup.ts';
import { type Backup, Backups } from '../../node/maintenance/backups.ts';
import { interruptedRestore } from '../../node/maintenance/interruptedRestore.ts';
import { registerCommand } from '../commands/registerCommand.ts';
import { DisposableStore } from '../disposableStore.ts';
import { formatBytes } from '../../core/text/quantities.ts';
import { formatDateTime } from '../text/times.ts';
import type { Offer } from '../offers/offers.ts';
import { requireTrust } from '../workspace/requireTrust.ts';
import { occasionOf } from './backupWords.ts';
import { guardFolder } from './guardOf.ts';
import { type BackupDeps, restoreBackup } from './restoreBackup.ts';
import { safeWindow } from '../text/safeWindow.ts';

/** **Back Up Database** and **Restore Backup**, of the selected database. */
export function registerBackups(deps: BackupDeps): DisposableStore {
  const store = new DisposableStore();
  store.add(registerCommand('backUpDatabase', deps.errors, () => backUp(deps)));
  store.add(registerCommand('restoreBackup', deps.errors, () => restore(deps)));
  return store;
}

async function backUp({ reader, selected, clock, errors, offers }: BackupDeps): Promise<void> {
  requireTrust('Backing up a database');
  const path = selected.requirePath();
  const make = (rollBack: boolean): Thenable<Backup> =>
    safeWindow.withProgress(
      { location: vscode.ProgressLocation.Notification, title: `Backing up ${basename(path)}` },
      () => backUpDatabase(reader, { path, workspaceFolder: guardFolder(path), now: clock.now(), rollBack }),
    );
  let made: Backup;
  try {
    made = await make(false);
  } catch (error) {
    if (!(error instanceof UserFacingError) || error.code !== 'hot-journal') throw error;
    if (!(await mayRollBack(path, await offers.about(path)))) return;
    made = await make(true);
  }
  errors.watch(
    safeWindow.showInformationMessage(
      `Backed up ${basename(path)} (${formatBytes(made.sizeBytes)}): ${vscode.workspace.asRelativePath(made.path)}`,
    ),
  );
}

async function mayRollBack(path: string, offer: Offer): Promise<boolean> {
  const button = 'Roll Back and Back Up';
  const message = `Roll back the unfinished transaction in ${basename(path)}?`;
  const detail = [
    'A program ended while it wrote, and left a journal. SQLite undoes what it had not finished, as the next program that opens the database would.',
  ];
  return (await offer.ask({ severity: 'warning', message, detail, buttons: [button] })) === button;
}

async function restore(deps: BackupDeps): Promise<void> {
  requireTrust('Restoring a backup');
  const path = deps.selected.requirePath();
  const backupPath = await pickBackup(path);
  if (backupPath !== undefined) await restoreBackup(path, backupPath, deps);
}

async function pickBackup(path: string): Promise<string | undefined> {
  const backups = await new Backups(guardFolder(path)).list(path);
  if (backups.length === 0) {
    throw new UserFacingError(
      'not-found',
      `There is no backup of ${basename(path)} yet.`,
      'Back up the database first; adopting it and changing many rows make backups, too.',
    );
  }
  const interrupted = await interruptedRestore(path, guardFolder(path));
  const wasMeant = ({ path: of }: Backup): boolean => of === interrupted?.from;
  const first = backups.find(wasMeant);
  const order = first === undefined ? backups : [first, ...backups.filter((backup) => backup !== first)];
  const picked = await safeWindow.showQuickPick(
    order.map((backup) => ({
      label: formatDateTime(backup.madeAt),
      description: `${occasionOf(backup)} · ${formatBytes(backup.sizeBytes)}${wasMeant(backup) ? ' · restore interrupted' : ''}`,
      path: backup.path,
    })),
    {
      title: `Restore ${basename(path)}`,
      placeHolder:
        first === undefined
          ? 'Which backup? The newest is first.'
          : 'Which backup? The one whose restore was interrupted is first.',
    },
  );
  return picked?.path;
}
