import * as vscode from 'vscode';
import type { SourceOrigin } from '../../core/identity/databaseSource.ts';
import { t } from '../../core/text/l10n.ts';
import { executeCommand, registerCommand } from '../commands/registerCommand.ts';
import { setContext } from '../commands/registerCommand.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { viewIds } from '../ids.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';
import { safeWindow } from '../window/safeWindow.ts';
import type { IdentityNode, IdentityTree } from './identityTree.ts';
import type { IgnoredIssues } from './ignoredIssues.ts';
import type { IssueMonitor } from './issues.ts';

/** What the rows of the Identity view need to be opened and ignored. */
export interface IdentityRowsDeps {
  readonly tree: IdentityTree;
  readonly monitor: IssueMonitor;
  readonly ignored: IgnoredIssues;
  readonly selected: SelectedDatabase;
  readonly errors: ErrorReporter;
}

/** What a click on a row of the Identity view does, and ignoring the issue it tells. */
export function registerIdentityRows({
  tree,
  monitor,
  ignored,
  selected,
  errors,
}: IdentityRowsDeps): DisposableStore {
  const store = new DisposableStore();
  const updateMenuContext = (): void => setContext('ignoredIssues', (monitor.report.ignored ?? 0) > 0);
  store.add(monitor.onDidChange(updateMenuContext));
  updateMenuContext();
  store.add(
    registerCommand('openIdentityRow', errors, (target) => openRow(tree.find(target?.id ?? ''), selected)),
  );
  store.add(
    registerCommand('ignoreIssue', errors, async (target) => {
      const id = target?.id ?? '';
      const path = selected.requirePath();
      if (tree.find(id) === undefined || monitor.report.path !== path) return;
      await ignored.add(path, id);
      const undo = t`Undo`;
      const pressed = await safeWindow.showInformationMessage(
        t`Ignored this issue of the selected database in this workspace. It shows again if it changes.`,
        undo,
      );
      if (pressed === undo) await ignored.clear(path);
    }),
  );
  store.add(registerCommand('showIgnoredIssues', errors, () => ignored.clear(selected.requirePath())));
  return store;
}

/** Opens what the row speaks of: the file or setting that names a database, or all that is known of the selected one. */
async function openRow(node: IdentityNode | undefined, selected: SelectedDatabase): Promise<void> {
  if (node?.kind === 'source' && (await openOrigin(node.drift.source.origin))) return;
  await executeCommand(selected.path === undefined ? 'selectDatabase' : 'checkIdentity');
}

/** Whether there was something to open. */
async function openOrigin(origin: SourceOrigin): Promise<boolean> {
  switch (origin.kind) {
    case 'dotenv':
      await vscode.window.showTextDocument(vscode.Uri.file(origin.file), {
        preview: true,
        preserveFocus: true,
      });
      return true;
    case 'setting':
      await vscode.commands.executeCommand('workbench.action.openSettings', `@id:${origin.name}`);
      return true;
    case 'api-server':
      await vscode.commands.executeCommand('workbench.action.openSettings', '@id:autopackHygiene.apiServers');
      return true;
    case 'terminals':
      await vscode.commands.executeCommand(
        'workbench.action.openSettings',
        '@id:autopackHygiene.terminals.useSelectedDatabase',
      );
      return true;
    case 'drain-session':
      await vscode.commands.executeCommand(`${viewIds.drains}.focus`);
      return true;
    case 'selection':
    case 'environment':
      return false;
  }
}
