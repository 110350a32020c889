import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoCode, fileError } from '../files/fileError.ts';

/** Where a workspace folder keeps what is ours and no one else's: its pins and backups. */
export const hygieneFolderName = '.autopack-hygiene';

/** Makes the folder if need be, ignored by git whatever else is, and gives its absolute path. */
export async function makeHygieneFolder(workspaceFolder: string): Promise<string> {
  const folder = join(workspaceFolder, hygieneFolderName);
  const ignoreFile = join(folder, '.gitignore');
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(ignoreFile, '*\n', { flag: 'wx' });
  } catch (error) {
    if (errnoCode(error) !== 'EEXIST') throw fileError(error, folder);
  }
  return folder;
}
