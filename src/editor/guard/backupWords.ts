import * as vscode from 'vscode';
import type { Backup, BackupReason } from '../../node/guard/backups.ts';

const occasions: Readonly<Record<BackupReason, string>> = {
  asked: 'when asked for',
  adopt: 'before it was adopted',
  'mark-stale': 'before stale phases were ended',
  requeue: 'before phases were queued again',
  'delete-run': 'before a run was deleted',
  restore: 'before a backup was restored',
};

/** On which occasion a backup was made; a word of another version stands for itself. */
export function occasionOf({ reason }: Pick<Backup, 'reason'>): string {
  return reason in occasions ? occasions[reason as BackupReason] : reason;
}

/** Where the backup from before a change is, for the end of a message; empty without one. */
export function backupSentence(backup: Pick<Backup, 'path'> | null): string {
  if (backup === null) return '';
  // A notification has little room: the folder of the database is known.
  return ` A backup from before is ${vscode.workspace.asRelativePath(backup.path)}.`;
}
