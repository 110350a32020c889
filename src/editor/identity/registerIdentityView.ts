import * as vscode from 'vscode';
import { UserFacingError } from '../../core/errors.ts';
import { isWrong } from '../../core/identity/findings.ts';
import { roleInWords } from '../../core/identity/roleText.ts';
import { levelNames } from '../../core/model/protectionLevel.ts';
import { t } from '../../core/text/l10n.ts';
import { counted } from '../../core/text/quantities.ts';
import type { ApiKeys } from '../apiServers/apiKeys.ts';
import { registerCommand } from '../commands/registerCommand.ts';
import { roleOf } from '../database/databaseState.ts';
import { viewIds } from '../ids.ts';
import type { BulkDeps } from '../maintenance/requeuePhases.ts';
import { createTreeView } from '../window/createTreeView.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import type { DriftMonitor } from './driftMonitor.ts';
import { othersThanSources, type DriftReport } from './issues.ts';
import { registerIdentityRows } from './identityRows.ts';
import type { IgnoredIssues } from './ignoredIssues.ts';
import { IdentityTree } from './identityTree.ts';

/** What the Identity view needs. */
export interface IdentityViewDeps extends BulkDeps {
  readonly monitor: DriftMonitor;
  readonly apiKeys: ApiKeys;
  readonly ignored: IgnoredIssues;
  /** Told which view has the rows. */
  readonly addRows: (view: Pick<vscode.TreeView<unknown>, 'selection' | 'onDidChangeSelection'>) => void;
}

/** The Identity view: everything that says which database is meant, what is wrong about it, and the fix of each. */
export function registerIdentityView(deps: IdentityViewDeps): DisposableStore {
  const { monitor, errors, selected } = deps;
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
    view.message = vscode.workspace.isTrusted
      ? [outside, ignoredText(monitor.report.ignored ?? 0)].filter((text) => text !== '').join(' ')
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
  store.add(
    registerCommand('fixIssue', errors, async (target) => {
      const node = tree.find(target?.id ?? '');
      if (
        node === undefined ||
        node.kind === 'migrations' ||
        monitor.report.path !== (selected.path ?? null)
      ) {
        // A link or a row of the database that was selected before.
        await monitor.refresh();
        throw new UserFacingError(
          'changed',
          t`This issue no longer applies to the selected database. Nothing was changed.`,
          t`Look at the issues of the selected database.`,
        );
      }
      if (node.kind === 'source') await (await import('./fixSource.ts')).fixSource(node.drift, deps);
      else await (await import('./fixFinding.ts')).fixFinding(node.finding, monitor.report, deps);
      await monitor.refresh();
    }),
  );
  store.add(registerCommand('refreshIdentity', errors, () => monitor.refresh()));
  store.add(
    registerCommand('showIdentity', errors, () =>
      vscode.commands.executeCommand(`${viewIds.identity}.focus`),
    ),
  );
  return store;
}

function ignoredText(ignored: number): string {
  return ignored === 0 ? '' : t`Ignored: ${counted(ignored, 'issue')}.`;
}

/** How many rows stand with a warning. */
function wrongIn({ findings, sources }: DriftReport): number {
  return othersThanSources(findings).length + sources.filter(isWrong).length;
}
