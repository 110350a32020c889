import type { WriteOperation } from '../db/databasePorts.ts';
import { isPostgresPath } from '../db/postgresUrl.ts';
import { UserFacingError } from '../errors.ts';
import type { DatabaseChanges } from '../identity/journalReport.ts';
import type { JournalEntry } from '../identity/journalEntry.ts';
import { t } from '../text/l10n.ts';

/** A change that is to be undone, as it was when somebody agreed to that. */
export interface UndoneChange {
  readonly serial: number;
  /** By which it is told from another of that serial. */
  readonly mark: string;
  /** How many rows it changed, and go back to what they were. */
  readonly rows: number;
}

/**
 * Undoes a change of many rows on a server, which kept them as they were: whoever writes there puts them back before this
 * notes it. Rows that somebody changed since are a reason to refuse all of it.
 */
export const undoOperation: WriteOperation<UndoneChange, void> = {
  name: 'undo',
  isNoted: true,
  subject: ({ serial }) => ({ change: serial }),
  undoes: ({ serial, mark, rows }) => ({ serial, mark, rows }),
  run: () => undefined,
};

/** The oldest change of which the rows before are still there; `null` where there is none. */
export function oldestKept({ entries }: Pick<DatabaseChanges, 'entries'>): number | null {
  return entries.find(({ kept }) => kept !== undefined)?.kept?.oldest ?? null;
}

/** Whether a change can be undone by the rows that are kept; `oldest` is {@link oldestKept} of all that is known. */
export function canBeUndone(
  { serial, kept }: Pick<JournalEntry, 'serial' | 'kept'>,
  oldest: number | null,
): boolean {
  return kept !== undefined && oldest !== null && serial >= oldest;
}

/** The change of a serial, where it can be undone. Throws `not-found` with why not. */
export function changeToUndo(changes: DatabaseChanges, serial: number, path: string): UndoneChange {
  const entry = changes.entries.find((each) => each.serial === serial);
  const { kept, mark } = entry ?? {};
  if (
    entry !== undefined &&
    kept !== undefined &&
    mark !== undefined &&
    canBeUndone(entry, oldestKept(changes))
  ) {
    return { serial, mark, rows: kept.rows };
  }
  throw new UserFacingError(
    'not-found',
    entry === undefined
      ? t`${path} knows of no change ${serial}.`
      : kept === undefined
        ? t`Change ${serial} of ${path} cannot be undone: of it no rows were kept.`
        : t`Change ${serial} of ${path} can no longer be undone: the rows from before it had to make room.`,
    t`List the changes with "journal".`,
  );
}

/** How a change of many rows can be taken back: part of the question before it. */
export function wayBackText(path: string): string {
  return isPostgresPath(path)
    ? t`The server keeps the rows as they were, so that it can be undone.`
    : t`A backup is made first.`;
}
