import { UserFacingError } from '../../core/errors.ts';
import { notAutopack } from '../../core/identity/adoptDatabase.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { type Backup, Backups } from './backups.ts';

/** What to back up, and where to; paths are absolute. */
export interface BackupRequest {
  readonly path: string;
  /** Below which the backup is kept. */
  readonly workspaceFolder: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Roll back what a killed program left, on a person's word. */
  readonly rollBack?: boolean;
}

/**
 * Backs a database up because somebody asked. It is read whole before, for a copy of damage would give a false comfort
 * and push out a good backup. Throws `not-found`, `not-a-file`, `not-sqlite`, `corrupt`, `not-autopack`, and what
 * {@link Backups.make} throws.
 */
export async function backUpDatabase(
  reader: DatabaseReader,
  { path, workspaceFolder, now, rollBack = false }: BackupRequest,
  signal?: AbortSignal,
): Promise<Backup> {
  const { runs, phases, isWhole } = (await reader.ask(path, 'backupContent', null, signal)).value;
  if (!isWhole) {
    throw new UserFacingError(
      'corrupt',
      `${path} is damaged, and no backup is made of damage.`,
      'Restore it from an older backup, or save what can be read with "sqlite3 FILE .recover".',
    );
  }
  if (runs === null || phases === null) throw notAutopack(path, 'Name a database of Autopack.');
  return new Backups(workspaceFolder).make(path, 'asked', now, signal, rollBack);
}
