import { existsSync } from 'node:fs';
import type {
  DatabaseWriterPort,
  ExpectedFile,
  WriteDatabase,
  WriteOperation,
} from '../../core/db/databasePorts.ts';
import { isPostgresPath } from '../../core/db/postgresUrl.ts';
import { CancelledError, UserFacingError } from '../../core/errors.ts';
import type { JournalAuthor } from '../../core/identity/journalEntry.ts';
import { t } from '../../core/text/l10n.ts';
import { counted } from '../../core/text/quantities.ts';
import { passwordOf } from '../postgres/passwords.ts';
import { DatabaseWriter } from './databaseWriter.ts';
import { WriterChild, type ChangeListener } from './writerChild.ts';

/** Where the process is, and how long it may take. */
export interface WriterClientOptions {
  /** A `file:` URL: `dist/writerProcess.js`, or `src/node/writer/writerProcess.ts` where Node strips types. */
  readonly processUrl: URL;
  /** How long to wait for other writers, in ms; 5,000 by default. */
  readonly lockTimeoutMs?: number;
  /** How long a change may take once it has the lock, in ms; two minutes by default. */
  readonly timeLimitMs?: number;
  /**
   * Learns how many more rows were changed by triggers that Autopack makes, or that a person allowed to run; `null` where
   * they ran on a server, which does not tell.
   */
  readonly onFurtherRows?: (rows: number | null, path: string) => void;
  readonly journal: WriterJournal;
}

/** How changes are noted. */
export interface WriterJournal {
  /** Who makes them. */
  readonly author: JournalAuthor;
  /** The workspace folder (absolute) whose journal gets a line of each change of that database; `null` for none. */
  readonly folderOf: (path: string) => string | null;
  /** Learns why a change, which was made, has no line in the journal of the folder. */
  readonly onProblem?: (message: string) => void;
}

const defaultLockTimeoutMs = 5000;
const defaultTimeLimitMs = 120_000;

/**
 * Writes databases in a process of its own: a change that goes on forever, by a trigger for one, neither blocks this thread
 * nor keeps the lock, since the process is ended on an abort, at the time limit, and with the program that started it. It
 * is started for one change, or kept for the next where more will follow.
 */
export class WriterClient implements DatabaseWriterPort {
  readonly #options: WriterClientOptions;
  #ready: WriterChild | null = null;
  #keepsProcess = false;

  constructor(options: WriterClientOptions) {
    this.#options = options;
  }

  async perform<Params, Result>(
    path: string,
    { name: operation }: WriteOperation<Params, Result>,
    params: Params,
    signal?: AbortSignal,
    expected?: ExpectedFile,
  ): Promise<Result> {
    const { lockTimeoutMs = defaultLockTimeoutMs, timeLimitMs = defaultTimeLimitMs } = this.#options;
    if (signal?.aborted === true) throw new CancelledError(t`Writing to the database`);
    const password = isPostgresPath(path) ? passwordOf(path) : null;
    const change = { path, operation, params, expected, password, ...this.#journalOf(path) };
    const listener: ChangeListener = {
      onFurtherRows: (rows) => this.#options.onFurtherRows?.(rows, path),
      onJournalProblem: (message) => this.#reportProblem(path, message),
    };
    const child = this.#takeChild();
    const outcome = child.run({ kind: 'perform', lockTimeoutMs, ...change }, listener, this.#keepsProcess);
    const cancel = (): void => child.end(new CancelledError(t`Writing to the database`));
    const limit = setTimeout(() => child.end(timedOut(path, timeLimitMs)), lockTimeoutMs + timeLimitMs);
    signal?.addEventListener('abort', cancel);
    try {
      // The process answers with what the operation of that name returns.
      return (await outcome) as Result;
    } catch (error) {
      if (child.wasEnded) await this.#recover(path);
      throw error;
    } finally {
      clearTimeout(limit);
      signal?.removeEventListener('abort', cancel);
      if (child.isWaiting) this.#keep(child);
    }
  }

  /** A new file holds nothing of anybody's that could run, so that it is made here. */
  create(path: string, work: (db: WriteDatabase) => void, signal?: AbortSignal): Promise<void> {
    const onJournalProblem = (message: string): void => this.#reportProblem(path, message);
    return new DatabaseWriter({ ...this.#journalOf(path), onJournalProblem }).create(path, work, signal);
  }

  prepare(): void {
    this.#keepsProcess = true;
    if (this.#ready?.isWaiting !== true) this.#keep(new WriterChild(this.#options.processUrl));
  }

  #journalOf(path: string): { readonly author: JournalAuthor; readonly journalFolder: string | null } {
    const { author, folderOf } = this.#options.journal;
    return { author, journalFolder: folderOf(path) };
  }

  #reportProblem(path: string, message: string): void {
    this.#options.journal.onProblem?.(noLineText(path, message));
  }

  /** Another change may have been made meanwhile, by a process that waits already. */
  #keep(child: WriterChild): void {
    if (this.#ready?.isWaiting === true) {
      child.kill();
      return;
    }
    this.#ready = child;
    child.letGo();
  }

  /** The process that waits already, where it is still there. */
  #takeChild(): WriterChild {
    const child = this.#ready?.isWaiting === true ? this.#ready : new WriterChild(this.#options.processUrl);
    this.#ready = null;
    return child;
  }

  /** Rolls back what an ended process left, so that nobody finds its journal; the next writer does it otherwise. */
  async #recover(path: string): Promise<void> {
    if (isPostgresPath(path) || !existsSync(`${path}-journal`)) return;
    const recovery = new WriterChild(this.#options.processUrl);
    const recovered = recovery.run({ kind: 'recover', path }, {}, false);
    const limit = setTimeout(
      () => recovery.end(new CancelledError(t`Rolling back`)),
      2 * defaultLockTimeoutMs,
    );
    await recovered.catch(() => undefined);
    clearTimeout(limit);
  }
}

/** What to say of rows that triggers changed besides. */
export function furtherRowsText(rows: number | null, path: string): string {
  if (rows === null) return t`Triggers of ${path} ran; the server does not tell what they changed.`;
  return t`Triggers of ${path} changed ${counted(rows, 'more row')}.`;
}

/** What to say of a change that was made and has no line in the journal of the folder. */
function noLineText(path: string, message: string): string {
  return t`The change of ${path} was made, but could not be written into this folder’s journal: ${message}`;
}

function timedOut(path: string, timeLimitMs: number): UserFacingError {
  const seconds = Math.round(timeLimitMs / 1000);
  return new UserFacingError(
    'timed-out',
    t`Nothing was written: the change of ${path} was stopped because it took longer than ${seconds} s.`,
    t`Look for triggers and missing indexes in the database, then try again.`,
  );
}
