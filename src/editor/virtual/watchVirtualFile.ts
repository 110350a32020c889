import * as vscode from 'vscode';
import type { DatabaseEvent } from '../../node/watch/databaseWatcher.ts';
import { DisposableStore } from '../disposableStore.ts';
import { uriOfPath } from './virtualPath.ts';

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
