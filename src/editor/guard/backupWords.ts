import * as vscode from 'vscode';
import type { Backup, BackupReason } from '../../node/maintenance/backups.ts';
import { safeWindow } from '../text/safeWindow.ts';

const occasions: Readonly<Record<BackupReason, string>> = {
  asked: 'when asked for',
  adopt: 'before it was adopted',
  'mark-stale': 'before stale phases were ended',
  requeue: 'before phases were re-queued',
  'delete-run': 'before a run was deleted',
  restore: 'before a backup was restored',
};

/** On which occasion a backup was made; a word of another version stands for itself. */
export function occasionOf({ reason }: Pick<Backup, 'reason'>): string {
  return reason in occasions ? occasions[reason as BackupReason] : reason;
}

/** The button that shows where a backup is. */
export const revealBackupTitle = 'Reveal Backup';

/** Says what was done after a backup, and offers to show where that is; `null` without one. */
export async function tellWithBackup(message: string, backup: Pick<Backup, 'path'> | null): Promise<void> {
  if (backup === null) {
    await safeWindow.showInformationMessage(message);
    return;
  }
  const pressed = await safeWindow.showInformationMessage(`${message} Backup saved.`, revealBackupTitle);
  if (pressed === revealBackupTitle) await revealBackup(backup);
}

/** Shows a backup in the Explorer. */
export async function revealBackup({ path }: Pick<Backup, 'path'>): Promise<void> {
  await vscode.commands.executeCommand('revealInExplorer', vscode.Uri.file(path));
}
