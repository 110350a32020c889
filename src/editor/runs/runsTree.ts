import * as vscode from 'vscode';
import { UserFacingError } from '../../core/errors.ts';
import type { PhaseKey } from '../../core/model/phase.ts';
import type { LoggerPort } from '../../core/ports.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { CoalescedTask, DisposableStore } from '../window/disposableStore.ts';
import { markRow } from '../database/roleDecorations.ts';
import { isShowable, type DatabaseState } from '../database/databaseState.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import type { ShownRuns } from './filterItems.ts';
import type { RunsFilter } from './runsFilter.ts';
import type { CheckedRows } from './checkedRows.ts';
import { type ListedRuns, readListedRuns, shownOf } from './listedRuns.ts';
import { phaseGroups } from './phaseGroups.ts';
import { sortRuns, type RunsLayout } from './runsLayout.ts';
import { LoadMoreNode, type RunsTreeNode } from './runsTreeNode.ts';
import { mergeRuns, RunNode, type RunPhaseNode } from './runNode.ts';
import { safeTreeItem } from '../window/safeTreeItem.ts';

/** What the Runs view is made from. */
export interface RunsTreeDeps {
  readonly reader: DatabaseReader;
  readonly selected: SelectedDatabase;
  readonly filter: RunsFilter;
  readonly layout: RunsLayout;
  readonly checked: CheckedRows;
  readonly log: LoggerPort;
}

const pageSize = 500;

/** The rows of the Runs view. Reads a run when it is expanded, and after a commit refreshes only what changed. */
export class RunsTree implements vscode.TreeDataProvider<RunsTreeNode>, vscode.Disposable {
  readonly #store = new DisposableStore();
  readonly #changes = this.#store.add(new vscode.EventEmitter<RunsTreeNode[] | undefined>());
  readonly onDidChangeTreeData = this.#changes.event;
  readonly #shows = this.#store.add(new vscode.EventEmitter<void>());
  /** Fires when {@link shown} may have changed. */
  readonly onDidShow = this.#shows.event;
  readonly #deps: RunsTreeDeps;
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

  constructor(deps: RunsTreeDeps) {
    this.#deps = deps;
    const { selected, filter, layout, checked } = deps;
    this.#store.add(selected.onDidChange((state) => this.#follow(state)));
    this.#store.add(filter.onDidChange(() => this.#forgetRuns()));
    this.#store.add(layout.onDidChange(() => this.#forgetRuns()));
    this.#store.add(checked.onDidChange(() => this.#changes.fire(undefined)));
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
    if (node.kind !== 'loadMore' && node.kind !== 'morePhases') markRow(item);
    const box = this.#deps.checked.stateOf(node);
    if (box !== undefined) item.checkboxState = box;
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
      case 'group':
        return this.#ask<RunsTreeNode[]>([], (path, signal) =>
          node.children(this.#deps.reader, path, signal),
        );
      case 'phase':
      case 'morePhases':
      case 'loadMore':
        return [];
    }
  }

  getParent(node: RunsTreeNode): RunsTreeNode | undefined {
    return node.kind === 'tier' || node.kind === 'phase' || node.kind === 'morePhases'
      ? node.parent
      : undefined;
  }

  /** The row of a run, if there is one; also of a run that was made a moment ago. */
  async findRun(runId: string): Promise<RunNode | undefined> {
    if (this.#runs === undefined) await this.#roots();
    else await this.#refreshing.run();
    return this.#runs?.find((run) => run.runId === runId);
  }

  /** The row of a phase of a run, if there is one. */
  async findPhase({ runId, phaseId }: PhaseKey): Promise<RunPhaseNode | undefined> {
    const run = await this.findRun(runId);
    if (run === undefined) return undefined;
    if (run.children === undefined) await this.#readChildren(run);
    return run.phases.find((phase) => phase.phaseId === phaseId);
  }

  /** The rows of phases that are known below a run. */
  phasesBelow(runId: string): readonly RunPhaseNode[] {
    return this.#runs?.find((each) => each.runId === runId)?.phases ?? [];
  }

  /** To be told by the view. */
  noteOpen(node: RunsTreeNode, open: boolean): void {
    this.#open.set(node.id, open);
  }

  /** Shows as many runs as it takes for this one to be among them. */
  makeVisible(runId: string): void {
    const index = this.#runs?.findIndex((run) => run.runId === runId) ?? -1;
    if (index >= this.#limit) {
      this.#limit = index + pageSize;
      this.#changes.fire(undefined);
    }
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
    this.#deps.checked.clear();
    this.#limit = pageSize;
    this.#setShown(undefined);
    this.#changes.fire(undefined);
  }

  #setShown(listed: ListedRuns | undefined): void {
    this.#shown = listed && shownOf(listed);
    this.#shows.fire();
  }

  async #roots(): Promise<RunsTreeNode[]> {
    if (!isShowable(this.#deps.selected.state)) return [];
    this.#runs ??= await this.#readRuns();
    const runs = this.#runs ?? [];
    const { reader, layout, filter } = this.#deps;
    const { groupBy } = layout.current;
    if (groupBy !== 'run') {
      const question = { groupBy, filter: filter.active, states: this.#shown?.states ?? {} };
      return this.#ask([], (path, signal) => phaseGroups(reader, path, question, signal));
    }
    const hidden = runs.length - this.#limit;
    return hidden > 0 ? [...runs.slice(0, this.#limit), new LoadMoreNode(hidden)] : [...runs];
  }

  #readRuns(): Promise<readonly RunNode[] | undefined> {
    return this.#ask<readonly RunNode[] | undefined>(undefined, async (path, signal) => {
      const listed = await this.#listRuns(path, signal);
      if (signal.aborted) return undefined;
      this.#version = listed.version;
      this.#setShown(listed);
      return listed.runs.map((run) => new RunNode(run, listed.runs.length === 1));
    });
  }

  async #listRuns(path: string, signal: AbortSignal): Promise<ListedRuns> {
    const { reader, filter, layout } = this.#deps;
    const listed = await readListedRuns(reader, path, filter.active, signal);
    return { ...listed, runs: sortRuns(listed.runs, layout.current.sortBy, ({ run }) => run) };
  }

  /** An answer about the selected database; `otherwise` where another one is selected by now, or it cannot be read. */
  async #ask<T>(otherwise: T, ask: (path: string, signal: AbortSignal) => Promise<T>): Promise<T> {
    const path = this.#path;
    if (path === undefined) return otherwise;
    const { signal } = this.#reading;
    try {
      const answer = await ask(path, signal);
      return signal.aborted ? otherwise : answer;
    } catch (error) {
      if (!signal.aborted) this.#deps.selected.reportProblem(path, error);
      return otherwise;
    }
  }

  async #readChildren(node: RunNode): Promise<NonNullable<RunNode['children']>> {
    const { signal } = this.#reading;
    try {
      await this.#readDetail(node);
    } catch (error) {
      const isGone = error instanceof UserFacingError && error.code === 'unknown-run';
      if (!signal.aborted && isGone) void this.refresh();
      else if (!signal.aborted && this.#path !== undefined)
        this.#deps.selected.reportProblem(this.#path, error);
    }
    return node.children ?? [];
  }

  async #refresh(): Promise<void> {
    const path = this.#path;
    const before = this.#runs;
    if (path === undefined || before === undefined) return;
    const { signal } = this.#reading;
    try {
      const listed = await this.#listRuns(path, signal);
      const merged = mergeRuns(before, listed.runs);
      const { runs } = merged;
      const changed: RunsTreeNode[] = [...merged.changed];
      for (const run of runs) changed.push(...(await this.#refreshBelow(run)));
      if (signal.aborted) return;
      this.#runs = runs;
      this.#version = listed.version;
      this.#setShown(listed);
      const isByRun = this.#deps.layout.current.groupBy === 'run';
      const same =
        isByRun && runs.length === before.length && runs.every((run, index) => run === before[index]);
      if (!same) this.#changes.fire(undefined);
      else if (changed.length > 0) this.#changes.fire(changed);
    } catch (error) {
      if (signal.aborted) return;
      // The rows stay: what is wrong with the file is found and shown by its check. Some may have been updated already.
      this.#deps.log.warn(`Could not refresh the runs: ${String(error)}`);
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
    const { reader, filter } = this.#deps;
    const { runId } = run;
    const { value } = await reader.request(this.#path, 'runDetail', { runId }, this.#reading.signal);
    return run.updateDetail(value, filter.active);
  }
}
