import { basename } from 'node:path';
import * as vscode from 'vscode';
import { registerCommand } from '../commands/registerCommand.ts';
import { idOfTarget } from '../commands/targets.ts';
import { setContext } from '../commands/setContext.ts';
import type { DatabaseState } from '../database/databaseState.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { DisposableStore } from '../disposableStore.ts';
import type { ErrorReporter } from '../errors/errorReporter.ts';
import { viewIds } from '../ids.ts';
import type { RunsTree } from './runsTree.ts';

/** What the Runs view needs. */
export interface RunsViewDeps {
  readonly tree: RunsTree;
  readonly selected: SelectedDatabase;
  readonly errors: ErrorReporter;
}

/** The Runs view, what its welcome depends on, and its own commands. */
export function registerRunsView({ tree, selected, errors }: RunsViewDeps): DisposableStore {
  const store = new DisposableStore();
  const view = store.add(
    vscode.window.createTreeView(viewIds.runs, { treeDataProvider: tree, showCollapseAll: true }),
  );
  store.add(view.onDidExpandElement(({ element }) => tree.noteOpen(element, true)));
  store.add(view.onDidCollapseElement(({ element }) => tree.noteOpen(element, false)));
  const show = (state: DatabaseState): void => {
    view.description = state.kind === 'none' ? '' : basename(state.path);
    setContext('database', state.kind);
    setContext('problem', state.kind === 'problem' ? state.error.code : '');
  };
  store.add(selected.onDidChange(show));
  show(selected.state);
  store.add(registerCommand('refresh', errors, () => selected.refresh()));
  store.add(registerCommand('loadMoreRuns', errors, () => tree.loadMore()));
  store.add(
    registerCommand('copyId', errors, (target) => vscode.env.clipboard.writeText(idOfTarget(target))),
  );
  return store;
}
