import { statSync } from 'node:fs';
import { UserFacingError } from '../../core/errors.ts';
import { fileError } from '../files/fileError.ts';
import { fileIdOf } from '../files/fileId.ts';

/** The id of the file a path names; throws `not-found`, `not-a-file` or `no-permission`. */
export function existingFileId(path: string): string {
  let stats;
  try {
    stats = statSync(path, { bigint: true });
  } catch (error) {
    throw fileError(error, path);
  }
  if (!stats.isFile()) {
    throw new UserFacingError('not-a-file', `${path} is not a file.`, 'Select a database file.');
  }
  return fileIdOf(stats);
}

/** Throws `replaced` unless the path still names the file of that id. */
export function refuseReplaced(path: string, fileId: string): void {
  if (existingFileId(path) === fileId) return;
  throw new UserFacingError(
    'replaced',
    `${path} is not the file it was: another has taken its place.`,
    'Check the database identity, then try again.',
  );
}
