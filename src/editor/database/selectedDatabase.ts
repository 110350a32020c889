import * as vscode from 'vscode';
import { CancelledError, UserFacingError } from '../../core/errors.ts';
import type { DatabaseFacts } from '../../core/model/databaseFacts.ts';
import type { LoggerPort } from '../../core/ports.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { CoalescedTask } from '../coalescedTask.ts';
import { DisposableStore } from '../disposableStore.ts';
import type { DatabaseState } from './databaseState.ts';
import type { DatabaseFollower, FollowedFile } from './databaseFollower.ts';

const storageKey = 'selectedDatabase';

/** The database a person chose for this workspace, what is known of it, and what happens to its file. */
export class SelectedDatabase implements vscode.Disposable {
  readonly #store = new DisposableStore();
  readonly #states = this.#store.add(new vscode.EventEmitter<DatabaseState>());
  readonly #commits = this.#store.add(new vscode.EventEmitter<string>());
  /** Another database, or something else is known of this one. */
  readonly onDidChange = this.#states.event;
  /** The content of the file may differ from what was read before; carries its path. */
  readonly onDidCommit = this.#commits.event;
  readonly #reader: DatabaseReader;
  readonly #follower: DatabaseFollower;
  readonly #memento: vscode.Memento;
  readonly #log: LoggerPort;
  readonly #checking = new CoalescedTask(() => this.#check());
  #following: FollowedFile | undefined;
  #scope = new AbortController();
  #state: DatabaseState = { kind: 'none' };
  #replaced = false;

  constructor(reader: DatabaseReader, follower: DatabaseFollower, memento: vscode.Memento, log: LoggerPort) {
    this.#reader = reader;
    this.#follower = follower;
    this.#memento = memento;
    this.#log = log;
  }

  get state(): DatabaseState {
    return this.#state;
  }

  /** Absolute path of the selected database; fails with `no-database` when nothing is selected. */
  requirePath(): string {
    if (this.#state.kind !== 'none') return this.#state.path;
    throw new UserFacingError(
      'no-database',
      'No database is selected.',
      'Select one with "Autopack: Select Database"; nothing is selected for you.',
    );
  }

  /** Takes up the choice made in an earlier session. Returns at once; the file is read in the background. */
  restore(): void {
    const path = this.#memento.get<string>(storageKey);
    if (path !== undefined) void this.#open(path);
  }

  /** Selects a database by its absolute path, and resolves when it was looked at. */
  async select(path: string): Promise<DatabaseState> {
    await this.#memento.update(storageKey, path);
    await this.#open(path);
    return this.#state;
  }

  /** Looks at the file again, whether or not it seems changed. */
  async refresh(): Promise<void> {
    const path = this.requirePath();
    this.#commits.fire(path);
    await this.#checking.run();
  }

  /** Reads the facts now, for a decision that must not rest on older ones; a replaced file counts as seen. */
  async readFacts(signal?: AbortSignal): Promise<DatabaseFacts> {
    const path = this.requirePath();
    const { value } = await this.#reader.ask(path, 'identity', null, signal);
    this.#replaced = false;
    if (this.#isCurrent(path)) this.#set({ kind: 'ready', path, facts: value, replaced: false });
    return value;
  }

  /** Shows a failure that another question met. */
  reportProblem(path: string, error: unknown): void {
    if (error instanceof CancelledError || !this.#isCurrent(path)) return;
    if (!(error instanceof UserFacingError)) this.#log.error(`Cannot read ${path}`, error);
    this.#set({ kind: 'problem', path, error: asUserFacing(error) });
  }

  dispose(): void {
    this.#scope.abort();
    this.#following?.dispose();
    this.#store.dispose();
  }

  #open(path: string): Promise<void> {
    this.#scope.abort();
    this.#scope = new AbortController();
    this.#following?.dispose();
    this.#replaced = false;
    this.#set({ kind: 'checking', path });
    this.#following = this.#follower.follow(path, (event) => {
      this.#log.debug(`${path}: ${event}`);
      if (event === 'replaced') this.#replaced = true;
      this.#commits.fire(path);
      void this.#checking.run();
    });
    return this.#checking.run();
  }

  async #check(): Promise<void> {
    if (this.#state.kind === 'none') return;
    const { path } = this.#state;
    const { signal } = this.#scope;
    try {
      const { value } = await this.#reader.ask(path, 'identity', null, signal);
      if (!signal.aborted) this.#set({ kind: 'ready', path, facts: value, replaced: this.#replaced });
    } catch (error) {
      if (!signal.aborted) this.reportProblem(path, error);
    }
  }

  #isCurrent(path: string): boolean {
    return this.#state.kind !== 'none' && this.#state.path === path;
  }

  #set(state: DatabaseState): void {
    this.#state = state;
    this.#states.fire(state);
  }
}

function asUserFacing(error: unknown): UserFacingError {
  if (error instanceof UserFacingError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new UserFacingError(
    'unreadable',
    `The database could not be read: ${message}`,
    'See the log for details.',
  );
}
