import { basename } from 'node:path';
import * as vscode from 'vscode';
import { t } from '../../core/text/l10n.ts';
import { isPostgresPath } from '../../core/db/postgresUrl.ts';
import { databaseUrlSources, type DatabaseUrlSource } from '../../node/identity/databaseUrlSources.ts';
import { findDatabases, excludedPaths, type ExcludeSetting } from '../../node/watch/findDatabases.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { localFolders } from '../window/workspaceFolders.ts';
import { lookIntoDatabase, lookIntoServer, type LookDeps } from './lookIntoDatabase.ts';
import type { DatabaseSources, NamedDatabase } from './namedDatabase.ts';

/** The databases of this machine, and of servers that `factsReader` asks: the rows of the views do not wait behind those. */
export function machineSources(deps: LookDeps & { readonly factsReader: DatabaseReader }): DatabaseSources {
  const { reader, factsReader, clock } = deps;
  return {
    find: databasesInWorkspace,
    named: databasesNamed,
    look: (path, signal) =>
      isPostgresPath(path)
        ? lookIntoServer({ reader: factsReader, clock }, path, signal)
        : lookIntoDatabase({ reader, clock }, path, signal),
    offersMore: true,
  };
}

/** Absolute paths of the SQLite files in the folders of the window, but for what `files.exclude` hides. */
async function* databasesInWorkspace(signal: AbortSignal): AsyncGenerator<string, void, void> {
  const folders = localFolders();
  const rules = new Map(
    folders.map(({ uri }) => {
      const setting = vscode.workspace.getConfiguration('files', uri).get<ExcludeSetting>('exclude', {});
      return [uri.fsPath, excludedPaths(setting)];
    }),
  );
  const found = findDatabases({
    folders: [...rules.keys()],
    // A link in a clone may lead to any place of this machine.
    followLinks: vscode.workspace.isTrusted,
    isExcluded: (path, folder) => rules.get(folder)?.(path) === true,
    signal,
  });
  for await (const { path } of found) yield path;
}

/** What `DATABASE_URL` names in the environment and in each folder's `.env`; nothing before the folders are trusted. */
async function databasesNamed(): Promise<readonly NamedDatabase[]> {
  // What is named may lie anywhere, on a server of somebody else as well, which a look alone would call.
  if (!vscode.workspace.isTrusted) return [];
  const folders = localFolders().map(({ uri }) => uri.fsPath);
  const sources = await databaseUrlSources({
    folders,
    environment: process.env,
    readsNamedFiles: vscode.workspace.isTrusted,
  });
  return sources.map(({ origin, target }) => ({
    namedBy: originLabel(origin, folders.length > 1),
    target: target.kind === 'file' ? { kind: 'file', path: target.path } : target,
  }));
}

function originLabel(origin: DatabaseUrlSource['origin'], severalFolders: boolean): string {
  const variable = origin.variable ?? 'DATABASE_URL';
  if (origin.kind === 'environment') return t`${variable} in the environment`;
  const folder = basename(origin.file.slice(0, -basename(origin.file).length));
  return severalFolders ? t`${variable} in .env of ${folder}` : t`${variable} in .env`;
}
