import * as vscode from 'vscode';
import { isPostgresPath } from '../../core/db/postgresUrl.ts';
import { roleMark } from '../../core/identity/roleText.ts';
import { printable } from '../../core/text/printable.ts';
import { registerCommand, setContext } from '../commands/registerCommand.ts';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { databaseName } from '../../core/db/databaseName.ts';
import { drainedPhaseTarget, idOfTarget, runTarget } from '../commands/targets.ts';
import { dropDatabase } from '../database/dropDatabase.ts';
import { cutText, isShowable, roleOf, type DatabaseState } from '../database/databaseState.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { createTreeView } from '../window/treeView.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';
import { viewIds } from '../ids.ts';
import { filterMessage } from './filterItems.ts';
import type { CheckedRows } from './checkedRows.ts';
import type { RunsLayout } from './runsLayout.ts';
import type { RunsFilter } from './runsFilter.ts';
import type { RunsTree } from './runsTree.ts';
import type { RunsTreeNode } from './runsTreeNode.ts';

/** What the Runs view needs. */
export interface RunsViewDeps {
  readonly tree: RunsTree;
  readonly selected: SelectedDatabase;
  readonly filter: RunsFilter;
  readonly layout: RunsLayout;
  readonly checked: CheckedRows;
  /** Told which view has the rows. */
  readonly addRows: (view: Pick<vscode.TreeView<unknown>, 'selection' | 'onDidChangeSelection'>) => void;
  readonly errors: ErrorReporter;
}

/** The Runs view, what its welcome depends on, and its own commands. */
export class RunsView implements vscode.Disposable {
  readonly #store = new DisposableStore();
  readonly #tree: RunsTree;
  readonly #selected: SelectedDatabase;
  readonly #filter: RunsFilter;
  readonly #layout: RunsLayout;
  readonly #checked: CheckedRows;
  readonly #view: vscode.TreeView<RunsTreeNode>;
  readonly #shows = this.#store.add(new vscode.EventEmitter<void>());
  /** Fires when the view comes on the screen. */
  readonly onDidShow = this.#shows.event;

  constructor({ tree, selected, filter, layout, checked, addRows, errors }: RunsViewDeps) {
    this.#tree = tree;
    this.#selected = selected;
    this.#filter = filter;
    this.#layout = layout;
    this.#checked = checked;
    this.#view = this.#store.add(
      createTreeView(viewIds.runs, {
        treeDataProvider: tree,
        showCollapseAll: true,
        canSelectMany: true,
        manageCheckboxStateManually: true,
        dragAndDropController: dropDatabase(errors),
      }),
    );
    addRows(this.#view);
    for (const disposable of [
      this.#view.onDidExpandElement(({ element }) => tree.noteOpen(element, true)),
      this.#view.onDidCollapseElement(({ element }) => tree.noteOpen(element, false)),
      this.#view.onDidChangeVisibility(({ visible }) => visible && this.#shows.fire()),
      selected.onDidChange(() => this.#describe()),
      selected.onDidRecognise(() => this.#describe()),
      tree.onDidShow(() => this.#describe()),
      checked.onDidChange(() => this.#describe()),
      this.#view.onDidChangeCheckboxState(({ items }) =>
        checked.note(
          items.map(([row, state]) => [row, state === vscode.TreeItemCheckboxState.Checked]),
          (runId) => tree.phasesBelow(runId),
        ),
      ),
      registerCommand('showInRuns', errors, (target) => this.#show(target)),
      registerCommand('refresh', errors, () => selected.refresh()),
      registerCommand('loadMoreRuns', errors, () => tree.loadMore()),
      registerCommand('copyId', errors, (target) => vscode.env.clipboard.writeText(idOfTarget(target))),
    ]) {
      this.#store.add(disposable);
    }
    this.#describe();
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

  /** Shows a run or phase from elsewhere: the filter goes where it would hide it. */
  async #show(argument: unknown): Promise<void> {
    this.#selected.requirePath();
    const phase = drainedPhaseTarget(argument);
    const { runId } = phase ?? runTarget(argument);
    await vscode.commands.executeCommand(`${viewIds.runs}.focus`);
    if (this.#layout.current.groupBy !== 'run') await this.#layout.set({ groupBy: 'run' });
    const find = async (): Promise<RunsTreeNode | undefined> =>
      phase === undefined ? this.#tree.findRun(runId) : this.#tree.findPhase(phase);
    let row = await find();
    if (row === undefined && this.#filter.active !== null) {
      await this.#filter.set(null);
      row = await find();
    }
    if (row === undefined) {
      throw new UserFacingError(
        phase === undefined ? 'unknown-run' : 'unknown-phase',
        t`${phase?.phaseId ?? runId} is not in the selected database.`,
        t`Refresh, or select the database it is in.`,
      );
    }
    this.#tree.makeVisible(runId);
    await this.#view.reveal(row, { select: true, focus: true, expand: phase === undefined });
  }

  #filterMessage(state: DatabaseState): string | undefined {
    const { active } = this.#filter;
    const { shown } = this.#tree;
    return active === null || shown === undefined || !isShowable(state)
      ? undefined
      : filterMessage(active, shown);
  }

  #describe(): void {
    const { state } = this.#selected;
    const role = roleOf(state);
    const message = this.#filterMessage(state);
    const hasRows = (this.#tree.shown?.runs ?? 0) > 0;
    // A view with a message shows no welcome, which is where the way out of a filter that leaves nothing stands.
    const notes = [cutText(state) ?? '', hasRows ? (message ?? '') : '', this.#checked.label].filter(
      (note) => note !== '',
    );
    this.#view.message = printable(notes.join(' · '));
    this.#view.description = printable(
      [
        ...(role === undefined ? [] : [roleMark(role)]),
        ...(state.kind === 'none' ? [] : [databaseName(state.path)]),
        ...(message === undefined || hasRows ? [] : [message]),
      ].join(' · '),
    );
    setContext('database', state.kind);
    setContext('postgres', state.kind !== 'none' && isPostgresPath(state.path));
    setContext('problem', state.kind === 'problem' ? state.error.code : '');
  }
}
