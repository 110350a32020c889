import { basename } from 'node:path';
import * as vscode from 'vscode';
import { registerCommand } from '../commands/registerCommand.ts';
import { setContext } from '../commands/setContext.ts';
import { idOfTarget } from '../commands/targets.ts';
import type { DatabaseState } from '../database/databaseState.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { DisposableStore } from '../disposableStore.ts';
import type { ErrorReporter } from '../errors/errorReporter.ts';
import { viewIds } from '../ids.ts';
import type { RunsTree } from './runsTree.ts';
import type { RunsTreeNode } from './runsTreeNode.ts';

/** What the Runs view needs. */
export interface RunsViewDeps {
  readonly tree: RunsTree;
  readonly selected: SelectedDatabase;
  readonly errors: ErrorReporter;
}

/** The Runs view, what its welcome depends on, and its own commands. */
export class RunsView implements vscode.Disposable {
  readonly #store = new DisposableStore();
  readonly #tree: RunsTree;
  readonly #view: vscode.TreeView<RunsTreeNode>;
  readonly #shows = this.#store.add(new vscode.EventEmitter<void>());
  /** Fires when the view comes on the screen. */
  readonly onDidShow = this.#shows.event;

  constructor({ tree, selected, errors }: RunsViewDeps) {
    this.#tree = tree;
    this.#view = this.#store.add(
      vscode.window.createTreeView(viewIds.runs, {
        treeDataProvider: tree,
        showCollapseAll: true,
        canSelectMany: true,
      }),
    );
    for (const disposable of [
      this.#view.onDidExpandElement(({ element }) => tree.noteOpen(element, true)),
      this.#view.onDidCollapseElement(({ element }) => tree.noteOpen(element, false)),
      this.#view.onDidChangeVisibility(({ visible }) => visible && this.#shows.fire()),
      selected.onDidChange((state) => this.#describe(state)),
      registerCommand('refresh', errors, () => selected.refresh()),
      registerCommand('loadMoreRuns', errors, () => tree.loadMore()),
      registerCommand('copyId', errors, (target) => vscode.env.clipboard.writeText(idOfTarget(target))),
    ]) {
      this.#store.add(disposable);
    }
    this.#describe(selected.state);
  }

  /** Opens and selects a run's row, where the view is on the screen; the focus stays where it is. */
  async revealRun(runId: string): Promise<void> {
    if (!this.#view.visible) return;
    const run = await this.#tree.findRun(runId);
    if (run !== undefined) await this.#view.reveal(run, { select: true, focus: false, expand: true });
  }

  dispose(): void {
    this.#store.dispose();
  }

  #describe(state: DatabaseState): void {
    this.#view.description = state.kind === 'none' ? '' : basename(state.path);
    setContext('database', state.kind);
    setContext('problem', state.kind === 'problem' ? state.error.code : '');
  }
}
