import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OwnFolder } from '../system/ownFolder.ts';
import { realPathOf } from '../system/realPath.ts';
import { removeStaleDrafts } from '../system/replaceFile.ts';
import { removeDeadLock } from './drainLock.ts';

/** Where a workspace folder keeps what is ours and no one else's: its pins and backups. */
export const hygieneFolderName = '.autopack-hygiene';

/** That folder of a workspace folder (absolute), whether it is there or not. */
export function hygieneFolderOf(workspaceFolder: string): OwnFolder {
  return new OwnFolder(workspaceFolder, hygieneFolderName);
}

/** Makes it if need be, for this user alone, and ignored by git whatever else is. */
export async function makeHygieneFolder(workspaceFolder: string): Promise<OwnFolder> {
  const folder = hygieneFolderOf(workspaceFolder);
  await folder.make();
  await folder.close();
  if (!(await folder.list()).includes('.gitignore')) await folder.write('.gitignore', '*\n');
  return folder;
}

/**
 * Removes what processes of ours left behind that were killed while they wrote a database (absolute path) or what a
 * workspace folder keeps of it: drafts with what SQLite put beside them, and locks. Called by every command that writes,
 * and never rejects.
 */
export async function removeLitter(databasePath: string, workspaceFolder: string): Promise<void> {
  const own = hygieneFolderOf(workspaceFolder);
  const backups = own.folder('backups');
  const isOurs = await backups.exists().catch(() => false);
  const folders = isOurs ? await readdir(backups.path).catch(() => []) : [];
  await Promise.all([
    removeStaleDrafts(dirname(await realPathOf(databasePath))),
    removeDeadLock(databasePath),
    ...(isOurs ? [removeStaleDrafts(own.path)] : []),
    ...folders.map((name) => removeStaleDrafts(join(backups.path, name))),
  ]);
}
