import * as vscode from 'vscode';
import { CancelledError, UserFacingError } from '../../core/errors.ts';
import type { DatabaseFacts } from '../../core/model/databaseFacts.ts';
import type { LoggerPort } from '../../core/ports.ts';
import type { DatabaseEvent } from '../../node/watch/databaseWatcher.ts';
import type { SnapshotVersion } from '../../core/db/snapshot/sourceFiles.ts';
import { t } from '../../core/text/l10n.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { CoalescedTask, DisposableStore } from '../window/disposableStore.ts';
import { mayComeBack, notAutopack, type DatabaseState } from './databaseState.ts';

const storageKey = 'selectedDatabase';
/** How long after a commit the facts are read again. */
const shortestDelayMs = 150;
const longestDelayMs = 10_000;
/** How long after a server did not answer it is asked again. */
const retryMs = 2000;

/** Follows a database file from a committed state on, whoever writes it. */
export type WatchDatabase = (
  path: string,
  since: SnapshotVersion | undefined,
  onEvent: (event: DatabaseEvent) => void,
) => { readonly dispose: () => void };

/** What the selection works with. */
export interface SelectedDatabaseDeps {
  readonly reader: DatabaseReader;
  readonly watch: WatchDatabase;
  /** Where the choice is kept: per workspace. */
  readonly memento: vscode.Memento;
  readonly log: LoggerPort;
}

/** The database a person chose for this workspace, what is known of it, and what happens to its file. */
export class SelectedDatabase implements vscode.Disposable {
  readonly #store = new DisposableStore();
  readonly #states = this.#store.add(new vscode.EventEmitter<DatabaseState>());
  readonly #commits = this.#store.add(new vscode.EventEmitter<string>());
  /** Another database, or something else is known of this one. */
  readonly onDidChange = this.#states.event;
  readonly #recognitions = this.#store.add(new vscode.EventEmitter<DatabaseState>());
  /** The role of a database is known while the rest is still being counted. Its rows are not read anew for that. */
  readonly onDidRecognise = this.#recognitions.event;
  /** The content of the file may differ from what was read before; carries its path. */
  readonly onDidCommit = this.#commits.event;
  readonly #deps: SelectedDatabaseDeps;
  readonly #checking = new CoalescedTask(() => this.#check());
  #state: DatabaseState = { kind: 'none' };
  /** Ends the questions about a database that is no longer selected. */
  #scope = new AbortController();
  #watching: { readonly dispose: () => void } | undefined;
  #soon: NodeJS.Timeout | undefined;
  #lastCheckMs = 0;
  /** When the database was last read, in ms since the epoch. */
  #readAt = 0;
  #retry: NodeJS.Timeout | undefined;
  /** The file that was last looked at by a person. */
  #seenFileId: string | undefined;

  constructor(deps: SelectedDatabaseDeps) {
    this.#deps = deps;
  }

  get state(): DatabaseState {
    return this.#state;
  }

  /** Absolute path of the selected database, if there is one. */
  get path(): string | undefined {
    return this.#state.kind === 'none' ? undefined : this.#state.path;
  }

  /** Absolute path of the selected database; fails with `no-database` when nothing is selected. */
  requirePath(): string {
    if (this.#state.kind !== 'none') return this.#state.path;
    throw new UserFacingError('no-database', t`No database is selected.`, t`Select one to start.`);
  }

  /** Takes up the choice made in an earlier session. Returns at once; the file is read in the background. */
  restore(): void {
    const path = this.#deps.memento.get<string>(storageKey);
    if (path !== undefined) void this.#open(path);
  }

  /** Selects a database by its absolute path, and resolves when it was looked at. */
  async select(path: string): Promise<DatabaseState> {
    await this.#deps.memento.update(storageKey, path);
    await this.#open(path);
    return this.#state;
  }

  /** Looks at the file again, whether or not it seems changed. */
  async refresh(): Promise<void> {
    this.#commits.fire(this.requirePath());
    await this.#checking.run();
  }

  /**
   * Reads the facts for a person or a write that must not rest on older ones. A file that replaced another counts as
   * seen. They may be those of another program's database: see {@link notAutopack}.
   */
  async readFacts(signal: AbortSignal = this.#scope.signal): Promise<DatabaseFacts> {
    const path = this.requirePath();
    try {
      const { value: facts, version } = await this.#deps.reader.request(path, 'identity', null, signal);
      if (this.path === path) {
        this.#seenFileId = facts.fileId;
        this.#setRead(stateOf(path, facts, version, false));
      }
      return facts;
    } catch (error) {
      this.reportProblem(path, error);
      throw error;
    }
  }

  /** Shows a failure that another question about the selected database met. */
  reportProblem(path: string, error: unknown): void {
    if (error instanceof CancelledError || this.path !== path) return;
    this.#fail(path, error);
    // It may be back before its watcher has seen it go, and would then tell of nothing.
    if (error instanceof UserFacingError && error.code === 'not-found') this.#checkSoon();
  }

  dispose(): void {
    this.#scope.abort();
    clearTimeout(this.#soon);
    clearTimeout(this.#retry);
    this.#watching?.dispose();
    this.#store.dispose();
  }

  #open(path: string): Promise<void> {
    this.#scope.abort();
    this.#scope = new AbortController();
    this.#watching?.dispose();
    this.#watching = undefined;
    this.#seenFileId = undefined;
    this.#set({ kind: 'checking', path });
    return this.#checking.run();
  }

  async #check(): Promise<void> {
    const { path } = this;
    if (path === undefined) return;
    const { signal } = this.#scope;
    try {
      await this.#recognise(path, signal);
      const started = performance.now();
      const { value: facts, version } = await this.#deps.reader.request(path, 'identity', null, signal);
      if (signal.aborted) return;
      this.#lastCheckMs = performance.now() - started;
      this.#seenFileId ??= facts.fileId;
      this.#setRead(stateOf(path, facts, version, facts.fileId !== this.#seenFileId));
      this.#follow(path, version);
    } catch (error) {
      if (signal.aborted) return;
      this.#fail(path, error);
      this.#follow(path, undefined);
    }
  }

  #fail(path: string, error: unknown): void {
    if (!(error instanceof UserFacingError)) this.#deps.log.error(`Cannot read ${path}`, error);
    const told = asUserFacing(error);
    if (mayComeBack(path, told)) {
      this.#retrySoon();
      if (this.#keepShown(told)) return;
    }
    this.#set({ kind: 'problem', path, error: told });
  }

  /** Whether what was read before stays, with the note that it may be old. */
  #keepShown(error: UserFacingError): boolean {
    const state = this.#state;
    if (state.kind !== 'ready') return false;
    if (state.cut === undefined) this.#set({ ...state, cut: { error, readAt: this.#readAt } });
    return true;
  }

  /** Nobody tells when a server can be reached again. */
  #retrySoon(): void {
    this.#retry ??= setTimeout(() => {
      this.#retry = undefined;
      void this.#checking.run();
    }, retryMs);
  }

  /** What the server tells again is new to every view. */
  #setRead(state: DatabaseState): void {
    const before = this.#state;
    const isBack =
      before.kind === 'problem'
        ? mayComeBack(before.path, before.error)
        : before.kind === 'ready' && before.cut !== undefined;
    this.#readAt = Date.now();
    this.#set(state);
    if (isBack && state.kind === 'ready') this.#commits.fire(state.path);
  }

  /** Counting takes seconds on a large file; which database it is can be said at once. */
  async #recognise(path: string, signal: AbortSignal): Promise<void> {
    if (this.#state.kind !== 'checking') return;
    const { value: fingerprint } = await this.#deps.reader.request(
      path,
      'databaseFingerprint',
      { runIds: [] },
      signal,
    );
    if (signal.aborted || this.state.kind !== 'checking' || !fingerprint.isAutopack) return;
    this.#state = { kind: 'checking', path, role: fingerprint };
    this.#recognitions.fire(this.#state);
  }

  #follow(path: string, since: SnapshotVersion | undefined): void {
    this.#watching ??= this.#deps.watch(path, since, ({ kind }) => {
      this.#deps.log.debug(`${path}: ${kind}`);
      this.#commits.fire(path);
      if (kind === 'changed') this.#checkSoon();
      else void this.#checking.run();
    });
  }

  /** Lets the rows be read first, and leaves the reader free for as long as the last look at a large file took. */
  #checkSoon(): void {
    const delayMs = Math.min(Math.max(shortestDelayMs, this.#lastCheckMs), longestDelayMs);
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      void this.#checking.run();
    }, delayMs);
  }

  #set(state: DatabaseState): void {
    this.#state = state;
    this.#states.fire(state);
  }
}

function stateOf(
  path: string,
  facts: DatabaseFacts,
  version: SnapshotVersion,
  replaced: boolean,
): DatabaseState {
  const error = notAutopack(facts);
  return error === undefined
    ? { kind: 'ready', path, facts, version, replaced }
    : { kind: 'problem', path, error, facts };
}

function asUserFacing(error: unknown): UserFacingError {
  if (error instanceof UserFacingError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new UserFacingError(
    'unreadable',
    t`The database could not be read: ${message}`,
    t`The log has the details.`,
  );
}
