import { lstatSync, realpathSync, statfsSync } from 'node:fs';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { notAFile, refuseSpecial } from './regularFile.ts';

/** What SQLite puts beside a database. */
export const companionSuffixes = ['-journal', '-wal', '-shm'] as const;

/** Linux, statfs(2): proc, sysfs, debugfs, tracefs. What looks like a file there may make its reader wait. */
const systemFileSystems: ReadonlySet<number> = new Set([0x9fa0, 0x62656572, 0x64626720, 0x74726163]);

/**
 * Throws `unreadable` or `not-a-file` for a database that is a file of the system, and where something else than a regular
 * file of its own lies under the name of a database's journal, log or log index: SQLite would wait for a pipe for ever, on
 * the calling thread, and write into whatever file that is another name of. Asked before it opens one.
 */
export function refuseUnsafeCompanions(path: string): void {
  let real = path;
  try {
    real = realpathSync(path);
    if (systemFileSystems.has(statfsSync(real).type)) throw notAFile(path, t`a file of the system`);
  } catch (error) {
    if (error instanceof UserFacingError) throw error;
    // A database that is only now made, or one that nobody may look at: SQLite says so.
  }
  for (const suffix of companionSuffixes) {
    const stats = lstatSync(real + suffix, { throwIfNoEntry: false });
    if (stats === undefined) continue;
    refuseSpecial(stats, real + suffix);
    if (stats.nlink > 1) throw notAFile(real + suffix, t`a second name of another file`);
  }
}
