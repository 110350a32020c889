import * as vscode from 'vscode';
import { isPostgresPath, isPostgresUrl } from '../../core/db/postgresUrl.ts';
import { UserFacingError, type ErrorCode } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import type { LoggerPort } from '../../core/ports.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { executeCommand, type CommandHandlers } from '../commands/registerCommand.ts';
import { viewIds } from '../ids.ts';
import { safeWindow } from '../window/safeWindow.ts';
import { windowFolders } from '../window/workspaceFolders.ts';
import { unaskedLook } from './databaseCandidate.ts';
import { databasePickItems } from './databasePickItems.ts';
import type { DatabaseSources } from './namedDatabase.ts';
import { pickDatabase, type PickSources } from './pickDatabase.ts';
import type { RecentDatabases } from './recentDatabases.ts';
import type { SelectedDatabase } from './selectedDatabase.ts';
import { pathOfUri, uriOfPath } from './virtualPaths.ts';

/** What selecting a database needs. */
export interface SelectDatabaseDeps {
  readonly reader: DatabaseReader;
  readonly sources: DatabaseSources;
  readonly selected: SelectedDatabase;
  readonly log: LoggerPort;
  readonly recent: RecentDatabases;
}

/** Select Database, and its shortcut in the Explorer's menu. */
export function selectDatabaseCommands(
  deps: SelectDatabaseDeps,
): CommandHandlers<'selectDatabase' | 'selectFile' | 'switchDatabase'> {
  return {
    selectDatabase: () => selectDatabase(deps),
    selectFile: (file) => selectFile(file, deps),
    switchDatabase: () => switchDatabase(deps),
  };
}

async function selectDatabase(deps: SelectDatabaseDeps): Promise<void> {
  const action = await pickDatabase(sourcesOf(deps));
  switch (action?.kind) {
    case undefined:
      return;
    case 'select':
      return selectExisting(deps, action.path);
    case 'browse':
      return browse();
    case 'connect':
      await executeCommand('connectPostgres');
      return;
    case 'create':
      await executeCommand('createSeedDatabase');
      return;
    case 'explain':
      throw action.error;
  }
}

async function selectFile(file: unknown, deps: SelectDatabaseDeps): Promise<void> {
  const path = file instanceof vscode.Uri ? pathOfUri(file) : file;
  if (typeof path !== 'string' || path === '') {
    throw new UserFacingError('invalid-argument', t`No file was given.`, t`Use "Autopack: Select Database".`);
  }
  if (isPostgresUrl(path)) {
    await executeCommand('connectPostgres', path);
    return;
  }
  await selectExisting(deps, path);
}

/** Lets a person go back to a database that they selected before, without a search. */
async function switchDatabase(deps: SelectDatabaseDeps): Promise<void> {
  const { recent, selected } = deps;
  const { look, shorten, offersMore } = sourcesOf(deps);
  const signal = AbortSignal.timeout(longestLookMs);
  const candidates = await Promise.all(
    recent.others.map(async (path) => ({ path, namedBy: [], look: await look(path, signal) })),
  );
  const items = databasePickItems({ candidates, problems: [], selected: selected.path, shorten, offersMore });
  const there = items.filter(
    ({ action, label }) => action?.kind === 'select' && !label.startsWith('$(warning)'),
  );
  if (there.length === 0) {
    await executeCommand('selectDatabase');
    return;
  }
  const picked = await safeWindow.showQuickPick(there, {
    title: t`Switch Database`,
    placeHolder: t`Which recent database do you want to work on?`,
    matchOnDetail: true,
  });
  if (picked?.action?.kind === 'select') await selectExisting(deps, picked.action.path);
}

/** In ms: one that takes longer is shown without what is in it. */
const longestLookMs = 3000;

function sourcesOf({ sources, selected, log, recent }: SelectDatabaseDeps): PickSources {
  return {
    ...sources,
    recent: recent.others.filter(isPostgresPath),
    look: async (path, signal) => {
      const chosen = selected.path === undefined ? recent.others : [selected.path, ...recent.others];
      return unaskedLook(path, chosen) ?? sources.look(path, signal);
    },
    shorten: (path) =>
      isPostgresPath(path)
        ? path
        : vscode.workspace.asRelativePath(uriOfPath(path), windowFolders().length > 1),
    selected: selected.path,
    onError: (error) => log.error('The search for databases failed', error),
  };
}

/** What is not there, or is no database at all, is not selected: the choice made before stays. */
async function selectExisting({ reader, selected }: SelectDatabaseDeps, path: string): Promise<void> {
  await reader.request(path, 'version', null).catch((error: unknown) => {
    if (error instanceof UserFacingError && neverSelected.has(error.code)) throw error;
  });
  await selectAndShow(selected, path);
}

const neverSelected: ReadonlySet<ErrorCode> = new Set(['not-found', 'not-a-file', 'not-sqlite']);

async function selectAndShow(selected: SelectedDatabase, path: string): Promise<void> {
  await vscode.commands.executeCommand(`${viewIds.runs}.focus`);
  await selected.select(path);
}

async function browse(): Promise<void> {
  const [folder] = windowFolders();
  const chosen = await vscode.window.showOpenDialog({
    title: t`Select Database`,
    openLabel: t`Select`,
    canSelectMany: false,
    ...(folder === undefined ? {} : { defaultUri: folder.uri }),
  });
  const [file] = chosen ?? [];
  if (file !== undefined) await executeCommand('selectFile', file);
}
