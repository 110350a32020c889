import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { SessionFiles } from '../../node/drain/sessionStore.ts';
import { drainedPathOf } from '../../node/system/realPath.ts';
import { setContext } from '../commands/registerCommand.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { CoalescedTask, DisposableStore } from '../window/disposableStore.ts';
import { localFolders } from '../window/workspaceFolders.ts';
import type { DrainRunner } from './drainRunner.ts';

/** How many sessions of a folder, newest first, may be the one that runs. */
const mostSessions = 5;

/** What finding drains needs. */
export interface DrainDiscoveryDeps {
  readonly runner: DrainRunner;
  readonly selected: SelectedDatabase;
}

/** Finds drains that are under way, of the selected database and of sessions in the workspace, and has them followed. */
export class DrainDiscovery implements vscode.Disposable {
  readonly #deps: DrainDiscoveryDeps;
  readonly #store = new DisposableStore();
  readonly #looking = new CoalescedTask(() => this.#look());
  /** When sessions that do not run were written last (ms since the epoch), by path: long ones are not read for nothing. */
  readonly #ended = new Map<string, number>();
  /** The selected database, absolute and real. */
  #selected: string | undefined;

  constructor(deps: DrainDiscoveryDeps) {
    this.#deps = deps;
    const { runner, selected } = deps;
    let path: string | undefined;
    this.#store.add(
      selected.onDidChange(() => {
        if (selected.path === path) return;
        path = selected.path;
        void this.look();
      }),
    );
    // A drain that was begun elsewhere shows in the database itself.
    this.#store.add(selected.onDidCommit(() => void this.#findSelected()));
    this.#store.add(vscode.workspace.onDidGrantWorkspaceTrust(() => void this.look()));
    this.#store.add(runner.onDidChange(() => this.#setContexts()));
  }

  /** The selected database, absolute and real; `undefined` until known. */
  get selected(): string | undefined {
    return this.#selected;
  }

  /** Resolves when it is known what is being drained. */
  look(): Promise<void> {
    return this.#looking.run();
  }

  dispose(): void {
    this.#store.dispose();
  }

  async #look(): Promise<void> {
    const { path } = this.#deps.selected;
    this.#selected = path === undefined ? undefined : await drainedPathOf(path);
    this.#setContexts();
    // What lies in an untrusted workspace names no process to talk to.
    if (!vscode.workspace.isTrusted) return;
    const sessions = await this.#underWay();
    const databases = new Set([...(this.#selected === undefined ? [] : [this.#selected]), ...sessions]);
    for (const database of databases) await this.#deps.runner.find(database);
  }

  async #findSelected(): Promise<void> {
    if (this.#selected !== undefined && vscode.workspace.isTrusted)
      await this.#deps.runner.find(this.#selected);
  }

  /** The databases of sessions that say they run; those that were killed say so, too. */
  async #underWay(): Promise<string[]> {
    const followed = new Set(this.#deps.runner.lives.map(({ sessionId }) => sessionId));
    const databases: (string | null)[] = [];
    const { SessionFiles } = await import('../../node/drain/sessionStore.ts');
    for (const { uri } of localFolders()) {
      const files = new SessionFiles(uri.fsPath);
      const ids = (await files.list().catch(() => [])).sort().slice(-mostSessions);
      for (const id of ids) if (!followed.has(id)) databases.push(await this.#drainedBy(files, id));
    }
    return databases.filter((database) => database !== null);
  }

  /** The database of a session that says it runs. */
  async #drainedBy(files: SessionFiles, id: string): Promise<string | null> {
    const path = files.factsPathOf(id);
    const written = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => null,
    );
    if (written === null || this.#ended.get(path) === written) return null;
    const stored = await files.load(id).catch(() => null);
    if (stored?.facts?.status === 'running') return stored.facts.databasePath;
    this.#ended.set(path, written);
    return null;
  }

  #setContexts(): void {
    const { lives } = this.#deps.runner;
    setContext(
      'draining',
      lives.some(({ databasePath }) => databasePath === this.#selected),
    );
    setContext(
      'drainCancellable',
      lives.some(({ isCancelling }) => !isCancelling),
    );
    setContext(
      'drainPausable',
      lives.some(({ isCancelling, pause }) => !isCancelling && pause === 'none'),
    );
    setContext(
      'drainPaused',
      lives.some(({ isCancelling, pause }) => !isCancelling && pause !== 'none'),
    );
  }
}
