import * as vscode from 'vscode';
import { roleMark } from '../../core/identity/roleText.ts';
import { printable } from '../../core/text/printable.ts';
import type { FailureReport } from '../../core/failures/clusterFailures.ts';
import { executeCommand, registerCommand } from '../commands/registerCommand.ts';
import { clusterTarget } from '../commands/targets.ts';
import { roleOf } from '../database/databaseState.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { createTreeView } from '../window/treeView.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';
import { viewIds } from '../ids.ts';
import { counted } from '../../core/text/quantities.ts';
import type { FailuresTree } from './failuresTree.ts';

/** After how long a row of commits is followed by one reading: a drain commits several times per phase. */
const settleMs = 500;

/** What the Failures view needs. */
export interface FailuresViewDeps {
  readonly tree: FailuresTree;
  readonly selected: SelectedDatabase;
  /** Told which view has the rows. */
  readonly addRows: (view: Pick<vscode.TreeView<unknown>, 'selection' | 'onDidChangeSelection'>) => void;
  readonly errors: ErrorReporter;
}

/** The Failures view and its commands. It follows the database while it is on the screen. */
export function registerFailures({ tree, selected, addRows, errors }: FailuresViewDeps): DisposableStore {
  const store = new DisposableStore();
  const view = store.add(createTreeView(viewIds.failures, { treeDataProvider: tree, showCollapseAll: true }));
  addRows(view);
  let isStale = false;
  let soon: NodeJS.Timeout | undefined;
  const refresh = (): void => {
    soon = undefined;
    isStale = !view.visible;
    if (view.visible) errors.watch(tree.refresh());
  };
  store.add(
    selected.onDidCommit(() => {
      soon ??= setTimeout(refresh, settleMs);
    }),
  );
  store.add({ dispose: () => clearTimeout(soon) });
  store.add(view.onDidChangeVisibility(() => isStale && refresh()));
  let counts = '';
  const describe = (): void => {
    const role = roleOf(selected.state);
    const parts = [role === undefined ? '' : roleMark(role), counts];
    view.description = printable(parts.filter((part) => part !== '').join(' · '));
  };
  store.add(
    tree.onDidRead((report) => {
      counts = report === undefined ? '' : reportDescription(report);
      describe();
    }),
  );
  store.add(selected.onDidChange(describe));
  store.add(selected.onDidRecognise(describe));
  store.add(
    registerCommand('drainSample', errors, (target) =>
      executeCommand('drainPhase', tree.sampleOf(clusterTarget(target).fingerprint)),
    ),
  );
  store.add(
    registerCommand('copyFingerprint', errors, (target) =>
      vscode.env.clipboard.writeText(clusterTarget(target).fingerprint),
    ),
  );
  store.add(
    registerCommand('showFailure', errors, async (target) => {
      selected.requirePath();
      await vscode.commands.executeCommand(`${viewIds.failures}.focus`);
      await tree.refresh();
      const node = tree.requireCluster(clusterTarget(target).fingerprint);
      await view.reveal(node, { select: true, focus: true, expand: true });
    }),
  );
  return store;
}

/** `207 phases, 12 kinds`. */
function reportDescription({ failedPhases, clusters }: FailureReport): string {
  return failedPhases === 0 ? '' : `${counted(failedPhases, 'phase')}, ${counted(clusters.length, 'kind')}`;
}
