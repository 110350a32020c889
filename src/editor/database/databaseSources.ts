import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { databaseUrlSources, type DatabaseUrlSource } from '../../node/identity/databaseUrlSources.ts';
import { findDatabases, excludedPaths, type ExcludeSetting } from '../../node/watch/findDatabases.ts';
import { localFolders } from '../window/workspaceFolders.ts';

/** Something that names a database: a file, which need not be there, or what is no SQLite file. */
export interface NamedDatabase {
  /** Who names it, in words: `DATABASE_URL in .env`. */
  readonly namedBy: string;
  readonly target:
    | { readonly kind: 'file'; readonly path: string }
    | { readonly kind: 'invalid'; readonly error: UserFacingError };
}

/** Absolute paths of the SQLite files in the folders of the window, but for what `files.exclude` hides. */
export async function* databasesInWorkspace(signal: AbortSignal): AsyncGenerator<string, void, void> {
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
export async function databasesNamed(): Promise<readonly NamedDatabase[]> {
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
