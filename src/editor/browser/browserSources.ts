import * as vscode from 'vscode';
import { CancelledError, UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { formatBytes } from '../../core/text/quantities.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import type { DatabaseLook } from '../database/databaseCandidate.ts';
import { problemWords } from '../database/databaseStatus.ts';
import type { DatabaseSources } from '../database/namedDatabase.ts';
import { pathOfUri, uriOfPath } from '../database/virtualPaths.ts';
import { databaseFileName, databasePattern } from '../identity/looksLikeAutopack.ts';
import { windowFolders } from '../window/workspaceFolders.ts';

/** More files make a list that nobody reads. */
const mostFiles = 200;
/** A look reads a file whole, over the network as like as not. In bytes. */
const largestLook = 32 * 1024 * 1024;
/** Folders that are looked through where the editor has no search. */
const mostFolders = 500;
const skipped: ReadonlySet<string> = new Set(['node_modules', '.git', '.venv', '__pycache__']);

/** The databases that a window in a browser can read: files of its folders, by the editor's own file systems. */
export function browserSources(reader: DatabaseReader): DatabaseSources {
  let last: Promise<unknown> = Promise.resolve();
  return {
    find: databaseFiles,
    named: () => Promise.resolve([]),
    // One after the other: each is fetched whole, and only one is kept.
    look: (path, signal) => {
      const look = last.then(() => lookInto(reader, path, signal));
      last = look;
      return look;
    },
    offersMore: false,
  };
}

async function* databaseFiles(signal: AbortSignal): AsyncGenerator<string, void, void> {
  let hasFound = false;
  for (const uri of await vscode.workspace.findFiles(databasePattern, undefined, mostFiles)) {
    hasFound = true;
    yield pathOfUri(uri);
  }
  // The search of a virtual file system may be missing, and then finds nothing.
  if (!hasFound) yield* filesByFolder(signal);
}

async function* filesByFolder(signal: AbortSignal): AsyncGenerator<string, void, void> {
  const folders = windowFolders().map(({ uri }) => uri);
  for (let at = 0; at < Math.min(folders.length, mostFolders) && !signal.aborted; at += 1) {
    const folder = folders[at];
    if (folder === undefined) return;
    const entries = await Promise.resolve(vscode.workspace.fs.readDirectory(folder)).catch(() => []);
    for (const [name, type] of entries) {
      const uri = vscode.Uri.joinPath(folder, name);
      // Links may lead in circles.
      if (type === vscode.FileType.Directory && !skipped.has(name)) folders.push(uri);
      else if (type === vscode.FileType.File && databaseFileName.test(name)) yield pathOfUri(uri);
    }
  }
}

async function lookInto(reader: DatabaseReader, path: string, signal: AbortSignal): Promise<DatabaseLook> {
  try {
    if (signal.aborted) return { kind: 'looking' };
    const { size, mtime: modifiedAt } = await vscode.workspace.fs.stat(uriOfPath(path));
    if (size > largestLook) return { kind: 'other', reason: t`${formatBytes(size)}, not looked into` };
    const { value: found } = await reader.request(path, 'databaseFingerprint', { runIds: [] }, signal);
    if (!found.isAutopack) return { kind: 'other', reason: t`not an Autopack database` };
    const { value: runs } = await reader.request(path, 'listRuns', null, signal);
    const phases = runs.reduce((sum, { phaseCount }) => sum + phaseCount, 0);
    const { role, id, level, fileId } = found;
    const facts = { role, runs: runs.length, phases, modifiedAt, id, level, fileId };
    return { kind: 'autopack', ...facts, known: 'unknown', original: null };
  } catch (error) {
    if (error instanceof CancelledError) return { kind: 'looking' };
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return { kind: 'missing' };
    const reason = error instanceof UserFacingError ? problemWords(path, error) : undefined;
    return { kind: 'other', reason: reason ?? t`unreadable` };
  }
}
