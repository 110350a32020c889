import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { registerCommand } from '../commands/registerCommand.ts';
import type { BulkDeps } from '../maintenance/requeuePhases.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import type { FixDeps } from './fixSource.ts';
import type { IdentityTree } from './identityTree.ts';
import type { IssueMonitor } from './issues.ts';

/** What fixing the issues of the Identity view needs. */
export interface FixesDeps extends BulkDeps, FixDeps {
  readonly tree: IdentityTree;
  readonly monitor: IssueMonitor;
}

/** The fix of each issue that the Identity view has a row for. */
export function registerFixes(deps: FixesDeps): DisposableStore {
  const { tree, monitor, selected, errors } = deps;
  const store = new DisposableStore();
  store.add(
    registerCommand('fixIssue', errors, async (target) => {
      const node = tree.find(target?.id ?? '');
      if (node === undefined || node.kind === 'fact' || monitor.report.path !== (selected.path ?? null)) {
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
  return store;
}
