import type { Backup } from '../../node/guard/backups.ts';
import { backupSentence } from './backupWords.ts';
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
    message: `${message}${backupSentence(backup)}`,
    buttons: [undo],
  });
  // Not awaited: what asked for the change goes on.
  deps.errors.watch(
    told.then((pressed) => (pressed === undo ? restoreBackup(path, backup.path, deps) : undefined)),
  );
}
