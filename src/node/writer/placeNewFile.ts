import { statSync } from 'node:fs';
import { link, lstat, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { errnoCode, fileError } from '../system/fileError.ts';
import { fileIdOf } from '../system/realPath.ts';

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
      t`There is no folder ${folder}.`,
      t`Make the folder first, or choose another place.`,
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
    t`${path} exists already and is never overwritten.`,
    t`Choose another name, or move that file aside.`,
  );
}

/** The id of the file a path names; throws `not-found`, `not-a-file` or `no-permission`. */
export function existingFileId(path: string): string {
  let stats;
  try {
    stats = statSync(path, { bigint: true });
  } catch (error) {
    throw fileError(error, path);
  }
  if (!stats.isFile()) {
    throw new UserFacingError('not-a-file', t`${path} is not a file.`, t`Select a database file.`);
  }
  return fileIdOf(stats);
}

/** Throws `replaced` unless the path still names the file of that id. */
export function refuseReplaced(path: string, fileId: string): void {
  if (existingFileId(path) === fileId) return;
  throw new UserFacingError(
    'replaced',
    t`${path} is not the file it was: another has taken its place.`,
    t`Check the database identity, then try again.`,
  );
}
