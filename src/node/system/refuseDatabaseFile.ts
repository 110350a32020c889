import { magic, beginsDatabase } from '../../core/db/databaseHeader.ts';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { companionSuffixes } from './databaseCompanions.ts';
import { errnoCode } from './fileError.ts';
import { RegularFile } from './regularFile.ts';

/**
 * Throws `invalid-argument` for a SQLite database, whoever's it is, and for the name of a journal, log or log index beside
 * one: a database is written by SQLite alone, after its protection was asked. Passes on the error of the system where the
 * file cannot be read.
 */
export async function refuseDatabaseFile(path: string): Promise<void> {
  if (await isDatabase(path)) throw isNoPlace(path);
  const suffix = companionSuffixes.find((each) => path.endsWith(each));
  if (suffix === undefined) return;
  const beside = await isDatabase(path.slice(0, -suffix.length)).catch(() => false);
  if (beside) throw isNoPlace(path);
}

async function isDatabase(path: string): Promise<boolean> {
  try {
    const file = await RegularFile.open(path, { followLinks: true });
    try {
      const start = new Uint8Array(magic.length);
      await file.read(start, 0);
      return beginsDatabase(start);
    } finally {
      file.close();
    }
  } catch (error) {
    // Nothing, or a folder, a pipe or a device, of which whoever writes says what it is.
    if (errnoCode(error) === 'ENOENT' || error instanceof UserFacingError) return false;
    throw error;
  }
}

function isNoPlace(path: string): UserFacingError {
  return new UserFacingError(
    'invalid-argument',
    t`${path} is a database, or belongs to one, and is not overwritten.`,
    t`Choose another file.`,
  );
}
