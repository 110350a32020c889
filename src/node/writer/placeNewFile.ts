import { link, lstat, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserFacingError } from '../../core/errors.ts';
import { errnoCode } from '../files/fileError.ts';

/** Codes by which file systems without hard links (FAT, some network ones) refuse to make one. */
const noHardLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL']);

/** Moves a finished file to its place, whole at once, and never over another one: throws `exists` instead. */
export async function placeNewFile(finished: string, path: string): Promise<void> {
  try {
    await link(finished, path);
  } catch (error) {
    const code = errnoCode(error);
    if (code === 'EEXIST') throw existsError(path);
    if (code === undefined || !noHardLinks.has(code)) throw error;
    await renameExclusively(finished, path);
    return;
  }
  await rm(finished);
}

/**
 * Throws `exists` if there is anything under that name, a dangling symbolic link included, and `not-found` without a
 * folder to put it in.
 */
export async function refuseUnplaceable(path: string): Promise<void> {
  const folder = dirname(path);
  if (!(await isThere(folder))) {
    throw new UserFacingError(
      'not-found',
      `There is no folder ${folder}.`,
      'Make the folder first, or choose another place.',
    );
  }
  if (await isThere(path)) throw existsError(path);
  // SQLite would take the journal of a deleted database for that of the new one, and roll its pages into it.
  for (const suffix of ['-journal', '-wal']) {
    if (await isThere(path + suffix)) throw existsError(path + suffix);
  }
}

/** Takes the name first, with an empty file that nobody else can have made, and then replaces that. */
async function renameExclusively(finished: string, path: string): Promise<void> {
  const reserved = await open(path, 'wx').catch((error: unknown) => {
    throw errnoCode(error) === 'EEXIST' ? existsError(path) : error;
  });
  await reserved.close();
  try {
    await rename(finished, path);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (errnoCode(error) === 'ENOENT') return false;
    throw error;
  }
}

function existsError(path: string): UserFacingError {
  return new UserFacingError(
    'exists',
    `${path} exists already and is never overwritten.`,
    'Choose another name, or move that file aside.',
  );
}
