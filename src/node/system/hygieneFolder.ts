import { OwnFolder } from './ownFolder.ts';

/** Where a workspace folder keeps what is ours and no one else's: its pins, its journal and backups. */
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
