import * as vscode from 'vscode';
import { isPostgresPath, plainPostgresPath } from '../../core/db/postgresUrl.ts';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { databaseName, postgresAddress } from '../../core/db/databaseName.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { executeCommand, registerCommand } from '../commands/registerCommand.ts';
import { targetInSelected } from '../commands/rowDocuments.ts';
import { drainedPhaseTarget, runTarget } from '../commands/targets.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { isVirtualPath } from '../database/virtualPaths.ts';
import { viewIds } from '../ids.ts';
import type { RunsFilter } from '../runs/runsFilter.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';
import { safeWindow } from '../window/safeWindow.ts';
import { formatLink, linkLabel, parseLink, type AutopackLink, type LinkTarget } from './linkText.ts';

/** What links need. */
export interface LinksDeps {
  readonly extensionId: string;
  readonly reader: DatabaseReader;
  readonly selected: SelectedDatabase;
  readonly filter: RunsFilter;
  /** Where a file really lies: its own path where it is unknown. */
  readonly realPath: (path: string) => Promise<string>;
  readonly errors: ErrorReporter;
}

/**
 * Links into a database: copying one, and opening one that came from anywhere. A link only shows: it selects another
 * database only when a person says so, and nothing is ever written by one.
 */
export function registerLinks(deps: LinksDeps): {
  readonly registered: DisposableStore;
  readonly open: OpenLink;
} {
  const { selected, errors } = deps;
  const store = new DisposableStore();
  const open: OpenLink = (uri) => openLink(uri, deps);
  store.add(
    vscode.window.registerUriHandler({
      handleUri: (uri) => {
        errors.watch(open(uri));
      },
    }),
  );
  store.add(
    registerCommand('copyLink', errors, async (argument) => {
      const database = selected.requirePath();
      const target = linkTargetOf(targetInSelected(argument, database), deps.filter);
      const link = formatLink({ target, database: linkedDatabase(database) });
      const uri = vscode.Uri.from({ scheme: vscode.env.uriScheme, authority: deps.extensionId, ...link });
      await vscode.env.clipboard.writeText(uri.toString());
      vscode.window.setStatusBarMessage(t`Link copied.`, 3000);
    }),
  );
  return { registered: store, open };
}

/** Opens what a link leads to. Rejects where it leads nowhere. */
export type OpenLink = (uri: Pick<vscode.Uri, 'path' | 'query'>) => Promise<void>;

function linkTargetOf(argument: unknown, filter: RunsFilter): LinkTarget {
  if (argument === undefined) return { kind: 'runs', filter: filter.active };
  if (typeof argument === 'object' && argument !== null && 'fingerprint' in argument)
    return { kind: 'cluster', fingerprint: String(argument.fingerprint) };
  const phase = drainedPhaseTarget(argument);
  return phase === undefined
    ? { kind: 'run', runId: runTarget(argument).runId }
    : { kind: 'phase', runId: phase.runId, phaseId: phase.phaseId };
}

async function openLink({ path, query }: Pick<vscode.Uri, 'path' | 'query'>, deps: LinksDeps): Promise<void> {
  const link = parseLink({ path, query });
  if (link === null) {
    throw new UserFacingError(
      'invalid-argument',
      t`This link is not valid.`,
      t`Copy the link again with "Copy Link".`,
    );
  }
  if (await agreeOnDatabase(link, deps)) await show(link.target, deps);
}

/** Whether the database of a link is selected, now or by what a person says to it. */
async function agreeOnDatabase(
  { database, target }: AutopackLink,
  { selected, reader, realPath }: LinksDeps,
): Promise<boolean> {
  if (database === null || (await isSelected(database, selected.path, realPath))) {
    selected.requirePath();
    return true;
  }
  if (isPostgresPath(database)) {
    // A connection tells the server who one is, which no link is to bring about.
    throw new UserFacingError(
      'no-database',
      t`A link wants to show ${linkLabel(target)} in ${databaseName(database)}, which is not selected.`,
      t`Select it or connect to it, then open the link again.`,
    );
  }
  const now =
    selected.path === undefined ? t`No database is selected now.` : t`${selected.path} is selected now.`;
  const select = t`Select and Show`;
  const pressed = await safeWindow.showWarningMessage(
    t`A link wants to show ${linkLabel(target)} in ${databaseName(database)}. Select that database?`,
    { modal: true, detail: [database, now, t`Nothing is written.`].join('\n\n') },
    select,
  );
  if (pressed !== select) return false;
  const { value } = await reader.request(database, 'databaseFingerprint', { runIds: [] });
  if (!value.isAutopack) {
    throw new UserFacingError(
      'not-autopack',
      t`${database} is not an Autopack database.`,
      t`Ask for another link.`,
    );
  }
  await selected.select(database);
  return true;
}

/** What a link says of the selected database; `null` where nobody else could open it. */
function linkedDatabase(path: string): string | null {
  if (isPostgresPath(path)) return plainPostgresPath(path);
  return isVirtualPath(path) ? null : path;
}

async function isSelected(
  path: string,
  selected: string | undefined,
  realPath: LinksDeps['realPath'],
): Promise<boolean> {
  if (selected === undefined || isVirtualPath(selected)) return false;
  if (isPostgresPath(path) || isPostgresPath(selected)) {
    // Who made the link may be another user of the same database.
    return (
      isPostgresPath(path) && isPostgresPath(selected) && postgresAddress(path) === postgresAddress(selected)
    );
  }
  // Only the path as it is written: a look at it would tell whether there is such a file, and call other machines.
  return path === selected || path === (await realPath(selected));
}

async function show(target: LinkTarget, { filter }: LinksDeps): Promise<void> {
  switch (target.kind) {
    case 'runs':
      await vscode.commands.executeCommand(`${viewIds.runs}.focus`);
      await filter.set(target.filter);
      return;
    case 'run': {
      const { runId } = target;
      await executeCommand('showInRuns', { runId });
      await executeCommand('showRun', { runId });
      return;
    }
    case 'phase': {
      const { runId, phaseId } = target;
      await executeCommand('showInRuns', { runId, phaseId });
      await executeCommand('showPhase', { runId, phaseId });
      return;
    }
    case 'cluster':
      await executeCommand('showFailure', { fingerprint: target.fingerprint });
      return;
    case 'report':
      await executeCommand('analyzeTelemetry');
  }
}
