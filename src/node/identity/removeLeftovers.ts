import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isPostgresPath } from '../../core/db/postgresUrl.ts';
import { hygieneFolderOf } from '../system/hygieneFolder.ts';
import { realPathOf } from '../system/realPath.ts';
import { removeStaleDrafts } from '../system/replaceFile.ts';
import { removeDeadLock } from './drainLock.ts';

/**
 * Removes what processes of ours left behind that were killed while they wrote a database (absolute path) or what a
 * workspace folder keeps of it: drafts with what SQLite put beside them, and locks. Called by every command that writes,
 * and never rejects.
 */
export async function removeLeftovers(databasePath: string, workspaceFolder: string): Promise<void> {
  const own = hygieneFolderOf(workspaceFolder);
  const backups = own.folder('backups');
  const isOurs = await backups.exists().catch(() => false);
  const folders = isOurs ? await readdir(backups.path).catch(() => []) : [];
  await Promise.all([
    ...(isPostgresPath(databasePath)
      ? []
      : [removeStaleDrafts(dirname(await realPathOf(databasePath))), removeDeadLock(databasePath)]),
    ...(isOurs ? [removeStaleDrafts(own.path)] : []),
    ...folders.map((name) => removeStaleDrafts(join(backups.path, name))),
  ]);
}
