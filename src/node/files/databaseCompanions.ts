import { lstatSync, realpathSync } from 'node:fs';
import { refuseSpecial } from './regularFile.ts';

/** What SQLite puts beside a database. */
export const companionSuffixes = ['-journal', '-wal', '-shm'] as const;

/**
 * Throws `unreadable` or `not-a-file` where something else than a regular file lies under the name of a database's
 * journal, log or log index: SQLite would wait for a pipe for ever, on the calling thread. Asked before it opens one.
 */
export function refuseOddCompanions(path: string): void {
  let real = path;
  try {
    real = realpathSync(path);
  } catch {
    // A database that is only now made.
  }
  for (const suffix of companionSuffixes) {
    const stats = lstatSync(real + suffix, { throwIfNoEntry: false });
    if (stats !== undefined) refuseSpecial(stats, real + suffix);
  }
}
