import * as vscode from 'vscode';
import { isWrong } from '../../core/identity/findings.ts';
import { roleInWords } from '../../core/identity/roleText.ts';
import { levelNames } from '../../core/model/protectionLevel.ts';
import { t } from '../../core/text/l10n.ts';
import { counted } from '../../core/text/quantities.ts';
import { registerCommand } from '../commands/registerCommand.ts';
import { roleOf } from '../database/databaseState.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { viewIds } from '../ids.ts';
import { createTreeView } from '../window/treeView.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';
import { othersThanSources, type DriftReport, type IssueMonitor } from './issues.ts';
import { registerIdentityRows } from './identityRows.ts';
import type { IgnoredIssues } from './ignoredIssues.ts';
import { IdentityTree } from './identityTree.ts';

/** What the Identity view needs. */
export interface IdentityViewDeps {
  readonly selected: SelectedDatabase;
  readonly errors: ErrorReporter;
  readonly monitor: IssueMonitor;
  /** What is not looked at here, whatever a person does about it. */
  readonly limits?: string;
  readonly ignored: IgnoredIssues;
  /** Told which view has the rows. */
  readonly addRows: (view: Pick<vscode.TreeView<unknown>, 'selection' | 'onDidChangeSelection'>) => void;
}

/** The Identity view: everything that says which database is meant, what is wrong about it, and the fix of each. */
export function registerIdentityView(deps: IdentityViewDeps): {
  readonly registered: DisposableStore;
  readonly tree: IdentityTree;
} {
  const { monitor, errors, selected, limits } = deps;
  const store = new DisposableStore();
  const tree = store.add(new IdentityTree(monitor));
  store.add(registerIdentityRows({ ...deps, tree }));
  const view = store.add(createTreeView(viewIds.identity, { treeDataProvider: tree }));
  deps.addRows(view);
  const badge = (report: DriftReport): void => {
    const value = wrongIn(report);
    const tooltip = counted(value, 'issue');
    view.badge = value === 0 ? undefined : { value, tooltip };
  };
  const restrict = (): void => {
    const outside =
      monitor.report.asksGit === false
        ? t`Git was not checked: the database is outside the folders of this window. Open its folder to check.`
        : '';
    view.message =
      vscode.workspace.isTrusted || limits !== undefined
        ? [limits ?? '', outside, ignoredText(monitor.report.ignored ?? 0)]
            .filter((text) => text !== '')
            .join(' ')
        : t`Restricted Mode: only the selection is shown. Trust the workspace to check other database sources (.env, settings, past drains), copies, git, API servers and stale phases.`;
  };
  const describe = (): void => {
    const role = roleOf(selected.state);
    const level = selected.state.kind === 'ready' ? selected.state.facts.level : null;
    const words = role === undefined ? [] : [roleInWords(role)];
    view.description = [...words, ...(level === null ? [] : [levelNames()[level]])].join(' · ');
  };
  restrict();
  describe();
  store.add(selected.onDidChange(describe));
  store.add(selected.onDidRecognise(describe));
  store.add(vscode.workspace.onDidGrantWorkspaceTrust(restrict));
  store.add(monitor.onDidChange(badge));
  store.add(monitor.onDidChange(restrict));
  store.add(registerCommand('refreshIdentity', errors, () => monitor.refresh()));
  store.add(
    registerCommand('showIdentity', errors, () =>
      vscode.commands.executeCommand(`${viewIds.identity}.focus`),
    ),
  );
  return { registered: store, tree };
}

function ignoredText(ignored: number): string {
  return ignored === 0 ? '' : t`Ignored: ${counted(ignored, 'issue')}.`;
}

/** How many rows stand with a warning. */
function wrongIn({ findings, sources }: DriftReport): number {
  return othersThanSources(findings).length + sources.filter(isWrong).length;
}
