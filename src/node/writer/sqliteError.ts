import { setTimeout as sleep } from 'node:timers/promises';
import { unreadableObject } from '../../core/db/sqlJs/sqlJsDatabase.ts';
import { resourceError, UserFacingError, CancelledError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';

/** Primary result codes of SQLite (sqlite.org/rescode.html); the extended ones hold them in their low byte. */
const codes = {
  error: 1,
  busy: 5,
  locked: 6,
  readOnly: 8,
  noMemory: 7,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  tooBig: 18,
  constraint: 19,
  notADatabase: 26,
} as const;

/** Whether another connection holds a lock, so that trying again later may succeed. */
export function isBusy(error: unknown): boolean {
  const code = primaryCode(error);
  return code === codes.busy || code === codes.locked;
}

/** Whether a file could not be written, so that it is not one that was only read. */
export function isOfWriting(error: unknown): boolean {
  const code = primaryCode(error);
  return code === codes.readOnly || code === codes.full || code === codes.cannotOpen;
}

/** What an error of SQLite means to a person; anything that is not about the file is given back as it is. */
export function sqliteError(error: unknown, path: string): unknown {
  const options = { cause: error };
  switch (primaryCode(error)) {
    case codes.busy:
    case codes.locked:
      return new UserFacingError(
        'locked',
        t`${path} is locked by another program.`,
        t`Wait until the other program has finished writing, or stop it, then try again.`,
        options,
      );
    case codes.readOnly:
    case codes.cannotOpen:
      return new UserFacingError(
        'no-permission',
        t`${path} cannot be written.`,
        t`Give your user write permission for the file and its folder, then try again.`,
        options,
      );
    case codes.full:
      return new UserFacingError(
        'disk-full',
        t`There is no space left to write ${path}.`,
        t`Free some space on that disk, then try again.`,
        options,
      );
    case codes.notADatabase:
      return new UserFacingError(
        'not-sqlite',
        t`${path} is not a SQLite database.`,
        t`Select another file.`,
        options,
      );
    case codes.error:
      // Anything else is a mistake in our own statements.
      return lacking.test(messageOf(error)) ? unsupported(messageOf(error), path, options) : error;
    case codes.tooBig:
      return new UserFacingError(
        'too-large',
        t`Nothing was written to ${path}: it holds something too large (${messageOf(error)}).`,
        t`Look for it with the sqlite3 shell.`,
        options,
      );
    case codes.constraint:
      return new UserFacingError(
        'unexpected-changes',
        t`Nothing was written to ${path}: a rule of the database forbids it (${messageOf(error)}).`,
        t`Look at the constraints and triggers of the database, then try again.`,
        options,
      );
    case codes.corrupt:
      if (unreadableObject(error) !== null) return unsupported(messageOf(error), path, options);
      return new UserFacingError(
        'corrupt',
        t`${path} is damaged: SQLite cannot make sense of it.`,
        t`Restore it from a backup, or save what can be read with the sqlite3 shell’s .recover.`,
        options,
      );
    case codes.noMemory:
      return new UserFacingError(
        'no-resources',
        t`There is no memory left to work on ${path}.`,
        t`Close other programs, or give this one more memory, then try again.`,
        options,
      );
    case codes.ioError:
      return new UserFacingError(
        'unreadable',
        t`The system reported an error while reading or writing ${path}.`,
        t`Check the disk or the network it lies on, then try again.`,
        options,
      );
    case undefined:
    default:
      return resourceError(error) ?? error;
  }
}

/** What only the program that made the database can provide, and what a table it defined does not allow. */
const lacking =
  /no such column: (\w+\.)?rowid|no such (module|collation sequence|function)|unknown function|cannot (UPDATE|INSERT into) generated column|use DROP VIEW|foreign key mismatch|table \S+ may not be|unsupported file format|too many levels of trigger recursion/i;

function unsupported(message: string, path: string, options: ErrorOptions): UserFacingError {
  return new UserFacingError(
    'unsupported',
    t`Nothing was written to ${path}: it is not damaged, but its schema does not allow the change here (${message}).`,
    t`Make the change with the program that made the database, or change its schema.`,
    options,
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.replaceAll(/\s+/g, ' ') : String(error);
}

function primaryCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}

/** Pauses between attempts in ms: short at first, since most writers commit within milliseconds. */
const pauses = [2, 5, 10, 20, 40];
const longestPause = 80;

/**
 * Repeats `step` while another program holds the lock, without blocking the thread, until `deadline` (ms since the
 * epoch); then throws what `step` threw last. Throws `CancelledError` when the signal fires.
 */
export async function retryWhileBusy<T>(
  step: () => T,
  deadline: number,
  signal: AbortSignal | undefined,
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    if (signal?.aborted === true) throw new CancelledError(t`Writing to the database`);
    try {
      return step();
    } catch (error) {
      const remaining = deadline - Date.now();
      if (!isBusy(error) || remaining <= 0) throw error;
      // Spread, so that two waiting writers do not meet again at every attempt.
      const pause = (pauses[attempt] ?? longestPause) * (0.5 + Math.random());
      await sleep(Math.min(pause, remaining), undefined, { signal }).catch(() => undefined);
    }
  }
}
