import * as vscode from 'vscode';
import { isPostgresPath, plainPostgresPath, postgresTitle } from '../../core/db/postgresUrl.ts';
import { UserFacingError } from '../../core/errors.ts';
import type { VirtualFilesPort } from '../../reader/virtualFiles.ts';
import type { DatabaseEvent } from '../../node/watch/databaseWatcher.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import type { DatabaseState } from './databaseState.ts';
import { readOnlyReason } from '../../core/identity/serverText.ts';
import { t } from '../../core/text/l10n.ts';

/** At least two letters, for one alone is a drive of Windows. */
const scheme = /^[a-z][a-z\d+.-]+:/i;

/** Whether a path names a file that this machine's file system does not hold: then it is its address as text. */
export function isVirtualPath(path: string): boolean {
  return scheme.test(path) && !isPostgresPath(path);
}

/** How a file is named everywhere else: by its absolute path, or by its address where it has none on this machine. */
export function pathOfUri(uri: vscode.Uri): string {
  return uri.scheme === 'file' ? uri.fsPath : uri.toString(true);
}

/** The inverse of {@link pathOfUri}. */
export function uriOfPath(path: string): vscode.Uri {
  return isVirtualPath(path) ? vscode.Uri.parse(path, true) : vscode.Uri.file(path);
}

/** Refuses what cannot be done without SQLite's locks, with `no-permission`. `what` begins a sentence. */
export function requireLocalFile(path: string, what: string): void {
  if (!isVirtualPath(path)) return;
  throw new UserFacingError(
    'no-permission',
    t`${what} needs a local file, and ${path} can only be read.`,
    t`Open the folder that contains the database, then try again.`,
  );
}

/** Refuses what is done to a file, for a PostgreSQL database, with `unsupported`. `what` begins a sentence, `instead` is one. */
export function requireFile(path: string, what: string, instead: string): void {
  if (!isPostgresPath(path)) return;
  throw new UserFacingError(
    'unsupported',
    t`${what} works on a file, and ${postgresTitle(path)} is a PostgreSQL database.`,
    instead,
  );
}

/**
 * Refuses to write where the server of the selected database would, with `read-only`: a replica, or a user without the
 * right to. `what` begins a sentence.
 */
export function requireWritableServer(path: string, what: string, state: DatabaseState): void {
  if (state.kind !== 'ready' || state.facts.server === undefined) return;
  if (plainPostgresPath(path) !== state.facts.path) return;
  const reason = readOnlyReason(state.facts.server);
  if (reason === null) return;
  throw new UserFacingError(
    'read-only',
    t`${what} is refused: ${postgresTitle(path)} can only be read here. ${reason}`,
    state.facts.server.isReplica
      ? t`Connect to the primary server to write.`
      : t`Connect as a user who may write, or ask who runs the server for the right.`,
  );
}

/** Follows a database of a virtual file system, as far as that file system tells of changes. */
export function watchVirtualFile(path: string, onEvent: (event: DatabaseEvent) => void): DisposableStore {
  const store = new DisposableStore();
  const uri = uriOfPath(path);
  const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
  const pattern = new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), `${name}{,-wal,-journal}`);
  const watcher = store.add(vscode.workspace.createFileSystemWatcher(pattern));
  const changed = (): void => onEvent({ kind: 'changed', version: null });
  store.add(watcher.onDidChange(changed));
  store.add(watcher.onDidCreate(changed));
  store.add(watcher.onDidDelete(changed));
  return store;
}

/** The files of virtual file systems, through the editor. */
export const workspaceFiles: VirtualFilesPort = {
  handles: isVirtualPath,
  async stamp(path) {
    try {
      const { mtime, size } = await vscode.workspace.fs.stat(uriOfPath(path));
      return `${mtime}:${size}`;
    } catch (error) {
      if (isMissing(error)) return null;
      throw unreadable(path, error);
    }
  },
  async modifiedAt(path) {
    try {
      return (await vscode.workspace.fs.stat(uriOfPath(path))).mtime;
    } catch {
      // It was there a moment ago: that it is gone, its stamp tells.
      return 0;
    }
  },
  async read(path) {
    try {
      return await vscode.workspace.fs.readFile(uriOfPath(path));
    } catch (error) {
      throw unreadable(path, error);
    }
  },
};

function isMissing(error: unknown): boolean {
  return error instanceof vscode.FileSystemError && error.code === 'FileNotFound';
}

function unreadable(path: string, error: unknown): UserFacingError {
  const reason = error instanceof Error ? error.message : String(error);
  return new UserFacingError(
    'unreadable',
    t`${path} could not be read: ${reason}`,
    t`Select another database.`,
    {
      cause: error,
    },
  );
}
