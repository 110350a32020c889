import * as vscode from 'vscode';
import { UserFacingError } from '../../core/errors.ts';
import type { StateCounts } from '../../core/model/state.ts';
import type { LoggerPort } from '../../core/ports.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { CoalescedTask, DisposableStore } from '../window/disposableStore.ts';
import { markRow } from '../database/roleDecorations.ts';
import { isShowable, type DatabaseState } from '../database/databaseState.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import type { ShownRuns } from './filterItems.ts';
import type { RunsFilter } from './runsFilter.ts';
import { type ListedRuns, readListedRuns } from './listedRuns.ts';
import { LoadMoreNode } from './runsTreeNode.ts';
import { mergeRuns } from './mergeRuns.ts';
import { RunNode, type RunPhaseNode, type TierNode } from './runNode.ts';
import { safeTreeItem } from '../window/safeTreeItem.ts';

/** Every kind of row of the Runs view. */
export type RunsTreeNode = RunNode | TierNode | RunPhaseNode | LoadMoreNode;

const pageSize = 500;

/** The rows of the Runs view. Reads a run when it is expanded, and after a commit refreshes only what changed. */
export class RunsTree implements vscode.TreeDataProvider<RunsTreeNode>, vscode.Disposable {
  readonly #store = new DisposableStore();
  readonly #changes = this.#store.add(new vscode.EventEmitter<RunsTreeNode[] | undefined>());
  readonly onDidChangeTreeData = this.#changes.event;
  readonly #shows = this.#store.add(new vscode.EventEmitter<void>());
  /** Fires when {@link shown} may have changed. */
  readonly onDidShow = this.#shows.event;
  readonly #reader: DatabaseReader;
  readonly #filter: RunsFilter;
  readonly #selected: SelectedDatabase;
  readonly #log: LoggerPort;
  readonly #refreshing = new CoalescedTask(() => this.#refresh());
  /** What the person opened or closed, by node id; it outlives the rows. */
  readonly #open = new Map<string, boolean>();
  #path: string | undefined;
  #wasShowable = false;
  /** Every run that the filter leaves, newest first; `undefined` until read. */
  #runs: readonly RunNode[] | undefined;
  #shown: ShownRuns | undefined;
  /** The committed state they were read from. */
  #version: string | undefined;
  #limit = pageSize;
  /** Ends the questions about a database that is no longer selected. */
  #reading = new AbortController();

  constructor(reader: DatabaseReader, selected: SelectedDatabase, filter: RunsFilter, log: LoggerPort) {
    this.#reader = reader;
    this.#filter = filter;
    this.#selected = selected;
    this.#log = log;
    this.#store.add(selected.onDidChange((state) => this.#follow(state)));
    this.#store.add(filter.onDidChange(() => this.#forgetRuns()));
    this.#store.add(selected.onDidCommit(() => void this.refresh()));
    this.#follow(selected.state);
  }

  /** How much is shown; `undefined` until it was read. */
  get shown(): ShownRuns | undefined {
    return this.#shown;
  }

  dispose(): void {
    this.#reading.abort();
    this.#store.dispose();
  }

  getTreeItem(node: RunsTreeNode): vscode.TreeItem {
    const item = safeTreeItem(node.treeItem());
    if (node.kind !== 'loadMore') markRow(item);
    const open = this.#open.get(node.id);
    if (open !== undefined && item.collapsibleState !== vscode.TreeItemCollapsibleState.None) {
      const { Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
      item.collapsibleState = open ? Expanded : Collapsed;
    }
    return item;
  }

  resolveTreeItem(item: vscode.TreeItem, node: RunsTreeNode): vscode.TreeItem {
    const tooltip = node.tooltip();
    if (tooltip !== undefined) item.tooltip = tooltip;
    return item;
  }

  async getChildren(node?: RunsTreeNode): Promise<RunsTreeNode[]> {
    if (node === undefined) return this.#roots();
    switch (node.kind) {
      case 'run':
        return [...(node.children ?? (await this.#readChildren(node)))];
      case 'tier':
        return [...node.phases];
      case 'phase':
      case 'loadMore':
        return [];
    }
  }

  getParent(node: RunsTreeNode): RunsTreeNode | undefined {
    return node.kind === 'tier' || node.kind === 'phase' ? node.parent : undefined;
  }

  /** The row of a run, if there is one; also of a run that was made a moment ago. */
  async findRun(runId: string): Promise<RunNode | undefined> {
    if (this.#runs === undefined) await this.#roots();
    else await this.#refreshing.run();
    return this.#runs?.find((run) => run.runId === runId);
  }

  /** To be told by the view. */
  noteOpen(node: RunsTreeNode, open: boolean): void {
    this.#open.set(node.id, open);
  }

  loadMore(): void {
    this.#limit += pageSize;
    this.#changes.fire(undefined);
  }

  /** Reads again what is shown and refreshes the rows that differ. */
  async refresh(): Promise<void> {
    if (this.#runs === undefined) this.#changes.fire(undefined);
    else await this.#refreshing.run();
  }

  #follow(state: DatabaseState): void {
    const path = state.kind === 'none' ? undefined : state.path;
    const showable = isShowable(state);
    if (path !== this.#path || state.kind === 'checking') {
      this.#path = path;
      this.#open.clear();
      this.#forgetRuns();
    } else if (showable !== this.#wasShowable) {
      this.#changes.fire(undefined);
      if (showable) void this.refresh();
    } else if (state.kind === 'ready' && this.#runs !== undefined && state.version.token !== this.#version) {
      // A commit came between the reading of the rows and that of the facts, before the file was followed.
      void this.refresh();
    }
    this.#wasShowable = showable;
  }

  /** What is open stays so: the rows that come back have the ids they had. */
  #forgetRuns(): void {
    this.#reading.abort();
    this.#reading = new AbortController();
    this.#runs = undefined;
    this.#limit = pageSize;
    this.#setShown(undefined);
    this.#changes.fire(undefined);
  }

  #setShown(listed: ListedRuns | undefined): void {
    this.#shown = listed && {
      runs: listed.runs.length,
      runsInAll: listed.runsInAll,
      phases: listed.runs.reduce((sum, { run, matching }) => sum + sizeOf(matching ?? run.phaseStates), 0),
    };
    this.#shows.fire();
  }

  async #roots(): Promise<RunsTreeNode[]> {
    if (!isShowable(this.#selected.state)) return [];
    this.#runs ??= await this.#readRuns();
    const runs = this.#runs ?? [];
    const hidden = runs.length - this.#limit;
    return hidden > 0 ? [...runs.slice(0, this.#limit), new LoadMoreNode(hidden)] : [...runs];
  }

  async #readRuns(): Promise<readonly RunNode[] | undefined> {
    const path = this.#path;
    if (path === undefined) return undefined;
    const { signal } = this.#reading;
    try {
      const listed = await readListedRuns(this.#reader, path, this.#filter.active, signal);
      if (signal.aborted) return undefined;
      this.#version = listed.version;
      this.#setShown(listed);
      return listed.runs.map((run) => new RunNode(run, listed.runs.length === 1));
    } catch (error) {
      if (!signal.aborted) this.#selected.reportProblem(path, error);
      return undefined;
    }
  }

  async #readChildren(node: RunNode): Promise<NonNullable<RunNode['children']>> {
    const { signal } = this.#reading;
    try {
      await this.#readDetail(node);
    } catch (error) {
      if (!signal.aborted) this.#detailFailed(error);
    }
    return node.children ?? [];
  }

  #detailFailed(error: unknown): void {
    if (error instanceof UserFacingError && error.code === 'unknown-run') void this.refresh();
    else if (this.#path !== undefined) this.#selected.reportProblem(this.#path, error);
  }

  async #refresh(): Promise<void> {
    const path = this.#path;
    const before = this.#runs;
    if (path === undefined || before === undefined) return;
    const { signal } = this.#reading;
    try {
      const listed = await readListedRuns(this.#reader, path, this.#filter.active, signal);
      const merged = mergeRuns(before, listed.runs);
      const { runs } = merged;
      const changed: RunsTreeNode[] = [...merged.changed];
      for (const run of runs) changed.push(...(await this.#refreshBelow(run)));
      if (signal.aborted) return;
      this.#runs = runs;
      this.#version = listed.version;
      this.#setShown(listed);
      const same = runs.length === before.length && runs.every((run, index) => run === before[index]);
      if (!same) this.#changes.fire(undefined);
      else if (changed.length > 0) this.#changes.fire(changed);
    } catch (error) {
      if (signal.aborted) return;
      // The rows stay: what is wrong with the file is found and shown by its check. Some may have been updated already.
      this.#log.warn(`Could not refresh the runs: ${String(error)}`);
      this.#changes.fire(undefined);
    }
  }

  /** Reads what is below an open run again, and forgets what is below a closed one. */
  async #refreshBelow(run: RunNode): Promise<readonly RunsTreeNode[]> {
    if (run.children === undefined) return [];
    if (this.#open.get(run.id) ?? run.startsOpen) return this.#readDetail(run);
    run.forgetChildren();
    return [run];
  }

  async #readDetail(run: RunNode): Promise<readonly RunsTreeNode[]> {
    if (this.#path === undefined) return [];
    const { value } = await this.#reader.request(
      this.#path,
      'runDetail',
      { runId: run.runId },
      this.#reading.signal,
    );
    return run.updateDetail(value, this.#filter.active);
  }
}

function sizeOf(counts: StateCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
