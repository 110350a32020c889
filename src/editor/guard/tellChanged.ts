import type { Backup } from '../../node/maintenance/backups.ts';
import { revealBackup, revealBackupTitle } from './backupWords.ts';
import { type BackupDeps, restoreBackup } from './restoreBackup.ts';

/** Says what a bulk change of the database under `path` has done, and offers to go back to what was there before. */
export async function tellChanged(
  message: string,
  path: string,
  backup: Backup,
  deps: BackupDeps,
): Promise<void> {
  const undo = 'Restore Backup';
  const offer = await deps.offers.about(path);
  const told = offer.ask({
    severity: 'information',
    message: `${message} Backup saved.`,
    buttons: [undo, revealBackupTitle],
    harmless: [revealBackupTitle],
  });
  // Not awaited: what asked for the change goes on.
  deps.errors.watch(
    told.then(async (pressed) => {
      if (pressed === undo) await restoreBackup(path, backup.path, deps);
      if (pressed === revealBackupTitle) await revealBackup(backup);
    }),
  );
}
