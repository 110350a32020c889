import { watch, type FSWatcher } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { isPostgresPath } from '../../core/db/postgresUrl.ts';
import type { SnapshotVersion } from '../../core/db/snapshot/sourceFiles.ts';
import { UserFacingError } from '../../core/errors.ts';
import type { LoggerPort } from '../../core/ports.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';

/** What happened to a watched database. */
export type DatabaseEvent =
  /** Another committed state, or another reason why there is none to read. */
  | { readonly kind: 'changed'; readonly version: SnapshotVersion | null }
  /** Another file under the same path: people end up on the wrong database that way. */
  | { readonly kind: 'replaced'; readonly version: SnapshotVersion }
  | { readonly kind: 'vanished' }
  | { readonly kind: 'appeared'; readonly version: SnapshotVersion };

/** What a watcher works with. */
export interface DatabaseWatcherOptions {
  /** Absolute, or a PostgreSQL path. */
  readonly path: string;
  /** Distinguishes committed states, on its own thread. */
  readonly reader: Pick<DatabaseReader, 'request'>;
  readonly onEvent: (event: DatabaseEvent) => void;
  readonly logger: LoggerPort;
  /** The state the caller has already read; by default the one found first. */
  readonly since?: SnapshotVersion;
  /** How long a burst of writes is waited out; 100 ms by default. */
  readonly debounceMs?: number;
  /** How often the files are looked at where the file system reports nothing; 1,000 ms by default. */
  readonly pollMs?: number;
  /** Whether the file system's reports are followed too, as by default; off where it is known to give none. */
  readonly followEvents?: boolean;
}

type Seen =
  | { readonly kind: 'unknown' | 'missing' }
  | { readonly kind: 'unreadable'; readonly code: string }
  | { readonly kind: 'version'; readonly version: SnapshotVersion };

/** How rarely a server is asked that cannot be reached, in ms; every failure doubles the time up to this. */
const longestPollMs = 5000;

/**
 * Follows a database and its WAL and journal: the file system's reports where there are any, and polling beside them,
 * for network and container mounts report nothing. Either only asks the reader, which knows whether anything was committed.
 * A server is only asked, which costs it next to nothing as long as nothing was committed.
 */
export class DatabaseWatcher {
  readonly #options: DatabaseWatcherOptions;
  readonly #debounceMs: number;
  readonly #abort = new AbortController();
  readonly #poll: NodeJS.Timeout;
  readonly #isServer: boolean;
  /** When a server is asked again, by a clock that nobody sets, and how long it was waited for that; in ms. */
  #askAgain = { at: 0, pauseMs: 0 };
  #watcher: FSWatcher | null = null;
  #debounce: NodeJS.Timeout | null = null;
  #checking = false;
  #again = false;
  #stamps = '';
  #seen: Seen;

  constructor(options: DatabaseWatcherOptions) {
    this.#options = options;
    this.#debounceMs = options.debounceMs ?? 100;
    this.#isServer = isPostgresPath(options.path);
    this.#seen =
      options.since === undefined ? { kind: 'unknown' } : { kind: 'version', version: options.since };
    this.#poll = setInterval(() => void this.#lookAtStamps(), options.pollMs ?? 1000);
    void this.#watchFolder();
    void this.#check();
  }

  dispose(): void {
    this.#abort.abort();
    clearInterval(this.#poll);
    if (this.#debounce !== null) clearTimeout(this.#debounce);
    this.#watcher?.close();
    this.#watcher = null;
  }

  async #watchFolder(): Promise<void> {
    if (this.#options.followEvents === false || this.#isServer) return;
    try {
      // WAL and journal lie beside the real file; a file that is not there yet will come to its own path.
      const path = await realpath(this.#options.path).catch(() => this.#options.path);
      if (this.#abort.signal.aborted || this.#watcher !== null) return;
      const name = basename(path);
      this.#watcher = watch(dirname(path), { persistent: false }, (_event, changed) => {
        // The `-shm` file moves with every reader, and says nothing about commits.
        if (changed === null || (changed.startsWith(name) && !changed.endsWith('-shm'))) this.#soon();
      });
      this.#watcher.on('error', (error) => {
        this.#options.logger.debug(`Watching ${path} failed, polling goes on: ${error.message}`);
        this.#watcher?.close();
        this.#watcher = null;
      });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.logger.debug(`${this.#options.path} cannot be watched, polling goes on: ${reason}`);
    }
  }

  async #lookAtStamps(): Promise<void> {
    if (this.#isServer) {
      if (!this.#checking && performance.now() >= this.#askAgain.at) void this.#check();
      return;
    }
    const { path } = this.#options;
    const stamps = await Promise.all([path, `${path}-wal`, `${path}-journal`].map(stampOf));
    const now = stamps.join(' ');
    if (now === this.#stamps) return;
    this.#stamps = now;
    this.#soon();
    if (this.#watcher === null && stamps[0] !== '' && !this.#abort.signal.aborted) void this.#watchFolder();
  }

  /** A burst is waited out only so far: the timer is not pushed back. */
  #soon(): void {
    if (this.#abort.signal.aborted) return;
    this.#debounce ??= setTimeout(() => {
      this.#debounce = null;
      void this.#check();
    }, this.#debounceMs);
  }

  async #check(): Promise<void> {
    if (this.#checking) {
      this.#again = true;
      return;
    }
    this.#checking = true;
    const now = await this.#see();
    this.#checking = false;
    if (this.#abort.signal.aborted) return;
    const before = this.#seen;
    this.#seen = now;
    this.#pace(now);
    const event = eventBetween(before, now);
    if (event !== null) this.#options.onEvent(event);
    if (this.#again) {
      this.#again = false;
      this.#soon();
    }
  }

  /** A server that cannot be read is asked ever more rarely. */
  #pace({ kind }: Seen): void {
    const { pollMs = 1000 } = this.#options;
    const pauseMs =
      kind === 'version' ? 0 : Math.min(Math.max(this.#askAgain.pauseMs * 2, pollMs), longestPollMs);
    this.#askAgain = { at: performance.now() + pauseMs, pauseMs };
  }

  async #see(): Promise<Seen> {
    try {
      const { version } = await this.#options.reader.request(
        this.#options.path,
        'version',
        null,
        this.#abort.signal,
      );
      return { kind: 'version', version };
    } catch (error) {
      if (error instanceof UserFacingError) {
        return error.code === 'not-found' ? { kind: 'missing' } : { kind: 'unreadable', code: error.code };
      }
      this.#options.logger.error(`Watching ${this.#options.path} failed.`, error);
      return this.#seen;
    }
  }
}

function eventBetween(before: Seen, now: Seen): DatabaseEvent | null {
  if (before.kind === 'unknown') return null;
  if (now.kind === 'missing') return before.kind === 'missing' ? null : { kind: 'vanished' };
  if (now.kind !== 'version') {
    const same = before.kind === 'unreadable' && now.kind === 'unreadable' && before.code === now.code;
    return same ? null : { kind: 'changed', version: null };
  }
  const { version } = now;
  if (before.kind === 'missing') return { kind: 'appeared', version };
  if (before.kind !== 'version') return { kind: 'changed', version };
  if (before.version.fileId !== version.fileId) return { kind: 'replaced', version };
  return before.version.token === version.token ? null : { kind: 'changed', version };
}

/** Empty where there is no file, or none that may be seen. */
async function stampOf(path: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs } = await stat(path, { bigint: true });
    return `${dev}:${ino}:${size}:${mtimeNs}`;
  } catch {
    return '';
  }
}
