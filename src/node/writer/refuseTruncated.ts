import { statSync } from 'node:fs';
import type { WriteDatabase } from '../../core/db/databasePorts.ts';
import { UserFacingError } from '../../core/errors.ts';

/**
 * Throws `corrupt` if the file is shorter than its own page count. SQLite does not notice when only the last page is
 * cut off, and would write on. Asked inside a transaction, when a journal left by a crash has been rolled back; in WAL
 * mode the file may be short, since the newest pages are in the log.
 */
export function refuseTruncated(db: WriteDatabase, path: string): void {
  const [facts] = db.all(
    'SELECT page_count * page_size AS bytes, journal_mode FROM pragma_page_count, pragma_page_size, pragma_journal_mode',
  );
  const { size } = statSync(path);
  // A file of no bytes is a whole database without tables.
  if (size === 0 || facts?.journal_mode === 'wal' || size >= Number(facts?.bytes ?? 0)) return;
  throw new UserFacingError(
    'corrupt',
    `${path} is cut off: it is shorter than it says it is.`,
    'Restore it from a backup, or copy it again from where it came.',
  );
}
