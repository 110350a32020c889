import { basename } from 'node:path';
import * as vscode from 'vscode';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { formatBytes } from '../../core/text/quantities.ts';
import { Backups, type Backup, type BackupReason } from '../../node/maintenance/backups.ts';
import { interruptedRestore } from '../../node/maintenance/interruptedRestore.ts';
import { rememberRestored } from '../../node/maintenance/rememberRestored.ts';
import { planRestoration, restoreDatabase } from '../../node/maintenance/restoreDatabase.ts';
import { backUpDatabase } from '../../node/maintenance/withBackup.ts';
import type { CommandHandlers } from '../commands/registerCommand.ts';
import { guardFolder } from '../database/guardFolder.ts';
import { guardOf } from '../database/guardOf.ts';
import { requireFile } from '../database/virtualPaths.ts';
import type { WriteDeps } from '../guard/authoriseWrite.ts';
import type { Offer } from '../offers/offers.ts';
import { safeWindow } from '../window/safeWindow.ts';
import { formatDateTime } from '../../core/text/times.ts';
import { requireTrust } from '../window/workspaceFolders.ts';

/** **Back Up Database** and **Restore Backup**, of the selected database. */
export function backupCommands(deps: WriteDeps): CommandHandlers<'backUpDatabase' | 'restoreBackup'> {
  return { backUpDatabase: () => backUp(deps), restoreBackup: () => restore(deps) };
}

async function backUp({ reader, selected, clock, errors, offers }: WriteDeps): Promise<void> {
  requireTrust(t`Backing up a database`);
  const path = selected.requirePath();
  requireFile(path, t`Backing up`, t`Use pg_dump, or the backups of the server.`);
  const make = (rollBack: boolean): Thenable<Backup> =>
    safeWindow.withProgress(
      { location: vscode.ProgressLocation.Notification, title: t`Backing up ${basename(path)}` },
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
      t`Backed up ${basename(path)} (${formatBytes(made.sizeBytes)}): ${vscode.workspace.asRelativePath(made.path)}`,
    ),
  );
}

async function mayRollBack(path: string, offer: Offer): Promise<boolean> {
  const button = t`Roll Back and Back Up`;
  const message = t`Roll back the unfinished transaction in ${basename(path)}?`;
  const detail = [
    t`A program ended while it wrote, and left a journal. SQLite undoes what was not finished, as it would for any program that opens the database.`,
  ];
  return (await offer.ask({ severity: 'warning', message, detail, buttons: [button] })) === button;
}

async function restore(deps: WriteDeps): Promise<void> {
  requireTrust(t`Restoring a backup`);
  const path = deps.selected.requirePath();
  requireFile(path, t`Restoring a backup`, t`Use pg_restore, or the backups of the server.`);
  const backupPath = await pickBackup(path);
  if (backupPath !== undefined) await restoreBackup(path, backupPath, deps);
}

async function pickBackup(path: string): Promise<string | undefined> {
  const backups = await new Backups(guardFolder(path)).list(path);
  if (backups.length === 0) {
    throw new UserFacingError(
      'not-found',
      t`There is no backup of ${basename(path)} yet.`,
      t`Back up the database first. Adopting it and bulk changes make backups, too.`,
    );
  }
  const interrupted = await interruptedRestore(path, guardFolder(path));
  const wasMeant = ({ path: of }: Backup): boolean => of === interrupted?.from;
  const first = backups.find(wasMeant);
  const order = first === undefined ? backups : [first, ...backups.filter((backup) => backup !== first)];
  const picked = await safeWindow.showQuickPick(
    order.map((backup) => ({
      label: formatDateTime(backup.madeAt),
      description: [
        occasionOf(backup),
        formatBytes(backup.sizeBytes),
        ...(wasMeant(backup) ? [t`restore interrupted`] : []),
      ].join(' · '),
      path: backup.path,
    })),
    {
      title: t`Restore ${basename(path)}`,
      placeHolder:
        first === undefined
          ? t`Which backup? The newest is first.`
          : t`Which backup? The one whose restore was interrupted is first.`,
    },
  );
  return picked?.path;
}

/** Puts a backup back into a database, after a question that says what is lost; both paths are absolute. */
export async function restoreBackup(path: string, backupPath: string, deps: WriteDeps): Promise<void> {
  const { reader, clock, selected, errors } = deps;
  const workspaceFolder = guardFolder(path);
  if (!(await deps.confirmSources(path))) return;
  const offer = await deps.offers.about(path);
  const { question, fileId, level, rows } = await planRestoration(reader, {
    path,
    backupPath,
    workspaceFolder,
  });
  const button = t`Restore`;
  const message = t`Restore ${basename(path)} from a backup?`;
  const write = { operation: 'restore', rows, level } as const;
  const asked = { severity: 'warning', message, detail: [question], buttons: [button], write } as const;
  if ((await offer.ask(asked)) !== button) return;
  const memory = { guard: guardOf(path, deps), reader, writer: deps.writer };
  const remember = await rememberRestored(path, backupPath, level, memory);
  const aside = await restoreDatabase({
    ...{ path, backupPath, workspaceFolder, fileId, remember },
    now: clock.now(),
  });
  await selected.readFacts();
  errors.watch(
    safeWindow.showInformationMessage(
      aside === null
        ? t`Restored ${basename(path)}.`
        : t`Restored ${basename(path)}. The previous database is kept as ${vscode.workspace.asRelativePath(aside)}.`,
    ),
  );
}

const occasions = (): Readonly<Record<BackupReason, string>> => ({
  asked: t`made by hand`,
  adopt: t`before it was adopted`,
  'mark-stale': t`before stale phases were ended`,
  requeue: t`before phases were re-queued`,
  'delete-run': t`before a run was deleted`,
  restore: t`before a backup was restored`,
});

/** On which occasion a backup was made; a word of another version stands for itself. */
function occasionOf({ reason }: Pick<Backup, 'reason'>): string {
  return reason in occasions() ? occasions()[reason as BackupReason] : reason;
}

/** The button that shows where a backup is. */
export const revealBackupTitle = () => t`Reveal Backup`;

/** Says what was done after a backup, and offers to show where that is; `null` without one. */
export async function notifyWithBackup(message: string, backup: Pick<Backup, 'path'> | null): Promise<void> {
  if (backup === null) {
    await safeWindow.showInformationMessage(message);
    return;
  }
  const reveal = revealBackupTitle();
  const pressed = await safeWindow.showInformationMessage(t`${message} Backup saved.`, reveal);
  if (pressed === reveal) await revealBackup(backup);
}

/** Shows a backup in the Explorer. */
export async function revealBackup({ path }: Pick<Backup, 'path'>): Promise<void> {
  await vscode.commands.executeCommand('revealInExplorer', vscode.Uri.file(path));
}
