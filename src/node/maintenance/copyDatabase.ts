import { statSync } from 'node:fs';
import * as sqlite from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { unreadableObject } from '../../core/db/sqlJs/sqlJsDatabase.ts';
import { UserFacingError, CancelledError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { refuseUnsafeCompanions } from '../system/databaseCompanions.ts';
import { keepLocks } from '../system/deferredClose.ts';
import { Connection } from '../writer/databaseWriter.ts';
import { existingFileId } from '../writer/placeNewFile.ts';
import { copyUnderLock } from './copyUnderLock.ts';
import { retryWhileBusy, isBusy, isOfWriting, sqliteError } from '../writer/sqliteError.ts';

/** SQLITE_READONLY_ROLLBACK: who may only read cannot roll back what a killed program left. */
const readOnlyRollback = 776;
/** How long to wait for whoever has the lock, in ms. */
const busyTimeoutMs = 5000;

/** Whether SQLite refuses to read because the journal of a killed program must be rolled back first. */
function isHotJournal(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === readOnlyRollback;
}

/** What a hot journal means to a person. */
function hotJournal(path: string, cause: unknown): UserFacingError {
  return new UserFacingError(
    'hot-journal',
    t`${path}-journal was left by a program that ended in the middle of a transaction, which must be rolled back before the database can be copied.`,
    t`Let SQLite roll it back (backup --roll-back), or open the database with the program that wrote it.`,
    { cause },
  );
}

/** Lets SQLite undo the unfinished transaction, as the next program that opens the database would. Fails like the writer. */
async function rollBackJournal(path: string, signal?: AbortSignal): Promise<void> {
  const connection = new Connection(path);
  try {
    await retryWhileBusy(() => connection.run('BEGIN IMMEDIATE'), Date.now() + busyTimeoutMs, signal);
    connection.run('ROLLBACK');
  } finally {
    connection.close();
  }
}

/** Pages copied without a pause: few enough not to hold up a writer for long, enough to be quick. */
const pagesPerStep = 4096;
/** The same where somebody looks in between: so few that none is written before its time for want of memory. */
const pagesPerWatchedStep = 16;
const pauseMs = 50;
/** In bytes. */
const largestPage = 65_536;

/** What a copy may do besides. */
export interface CopyOptions {
  /** Called once when the target is locked and nothing is written yet; what it throws leaves that as it is. */
  readonly lastLook?: () => void;
  /** Roll back what a killed program left in the source, as SQLite does; without it, `hot-journal` is thrown. */
  readonly rollBack?: boolean;
  /** The target is an empty file that nobody else has open. */
  readonly isNew?: boolean;
}

/**
 * Copies a database by SQLite's online backup, page by page under its locks: into a new file, or over the content of
 * one that others may have open, who then see the one or the other state and never a mix. Into a new file, the bytes are
 * copied at once where they can be ({@link copyUnderLock}). Fails with `locked` while somebody holds on to either, with
 * `not-sqlite`, `corrupt`, `disk-full`, `no-permission`, or `CancelledError`.
 */
export async function copyDatabase(
  from: string,
  to: string,
  signal?: AbortSignal,
  { lastLook, rollBack = false, isNew = false }: CopyOptions = {},
): Promise<void> {
  const deadline = Date.now() + busyTimeoutMs;
  let hasRolledBack = false;
  for (;;) {
    try {
      await copyOnce(from, to, signal, { lastLook, isNew });
      return;
    } catch (error) {
      if (isHotJournal(error)) {
        if (!rollBack || hasRolledBack) throw hotJournal(from, error);
        hasRolledBack = true;
        await rollBackJournal(from, signal).catch((problem: unknown) => {
          throw sqliteError(problem, from);
        });
        continue;
      }
      if (!isHeldUp(error)) throw sqliteError(error, isOfWriting(error) ? to : from);
      if (Date.now() >= deadline) throw locked(from, to, error);
    }
    await sleep(pauseMs, undefined, { ...(signal === undefined ? {} : { signal }) }).catch(() => undefined);
  }
}

async function copyOnce(
  from: string,
  to: string,
  signal: AbortSignal | undefined,
  { lastLook, isNew }: { readonly lastLook: CopyOptions['lastLook'] | undefined; readonly isNew: boolean },
): Promise<void> {
  if (signal?.aborted === true) throw new CancelledError(t`Copying the database`);
  requireBackup();
  // Read-only, for opening must not make a file that is not there.
  const letGo = keepLocks();
  let source;
  try {
    const fileId = existingFileId(from);
    source = openSource(from);
    if (isNew && (await copyUnderLock({ connection: source, path: from, fileId }, to, signal))) return;
    let isLooked = lastLook === undefined;
    await sqlite.backup(source, to, {
      rate: isLooked ? pagesPerStep : watchedRate(source, from),
      // Not called after the last step, when all is written.
      progress: () => {
        if (signal?.aborted === true) throw new CancelledError(t`Copying the database`);
        if (!isLooked) lastLook?.();
        isLooked = true;
      },
    });
  } finally {
    source?.close();
    letGo();
  }
}

function openSource(path: string): sqlite.DatabaseSync {
  try {
    refuseUnsafeCompanions(path);
    return new sqlite.DatabaseSync(path, { readOnly: true, timeout: 0 });
  } catch (error) {
    throw isHeldUp(error) || isHotJournal(error) ? error : sqliteError(error, path);
  }
}

/** At least two steps, so that there is something between them. No database of Autopack is a single page. */
function watchedRate(source: sqlite.DatabaseSync, from: string): number {
  return Math.max(1, Math.min(pagesPerWatchedStep, leastPages(source, from) - 1));
}

/** How many pages there are at least: where SQLite cannot read the schema it does not count them, and copies all the same. */
function leastPages(source: sqlite.DatabaseSync, from: string): number {
  try {
    return Number(source.prepare('PRAGMA page_count').get()?.page_count ?? 0);
  } catch (error) {
    if (unreadableObject(error) === null) throw error;
    return Math.floor(statSync(from).size / largestPage);
  }
}

/** Node has SQLite since 22.13, and its online backup since 22.16. */
function requireBackup(): void {
  if ('backup' in sqlite) return;
  throw new UserFacingError(
    'old-node',
    t`Node ${process.versions.node} cannot back up a database, and nothing is changed without a backup.`,
    t`Run this with Node 22.16 or newer.`,
  );
}

/** Where a lock stops a backup, Node asks the connection what went wrong, and that knows of nothing: code 0. */
function isHeldUp(error: unknown): boolean {
  return isBusy(error) || (error instanceof Error && 'errcode' in error && error.errcode === 0);
}

function locked(from: string, to: string, cause: unknown): UserFacingError {
  return new UserFacingError(
    'locked',
    t`${from} could not be copied to ${to}: another program holds a lock.`,
    t`Wait until the other program has finished writing, or stop it, then try again.`,
    { cause },
  );
}
