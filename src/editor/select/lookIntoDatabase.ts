import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { CancelledError, UserFacingError } from '../../core/errors.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { errorWords } from '../status/databaseStatus.ts';
import { isVirtualPath, uriOfPath } from '../virtual/virtualPath.ts';
import type { DatabaseLook } from './databaseCandidate.ts';

/**
 * Finds out what a file is, for the list of databases: by questions that are quick however large it is.
 * Never rejects, for one bad file must not end the list.
 */
export async function lookIntoDatabase(
  reader: DatabaseReader,
  path: string,
  signal: AbortSignal,
): Promise<DatabaseLook> {
  try {
    const modifiedAt = await modificationTime(path);
    const { value: mark } = await reader.ask(path, 'databaseMark', { runIds: [] }, signal);
    if (!mark.isAutopack) return { kind: 'other', reason: 'not an Autopack database' };
    const { value: runs } = await reader.ask(path, 'listRuns', null, signal);
    const phases = runs.reduce((sum, { phaseCount }) => sum + phaseCount, 0);
    return { kind: 'autopack', role: mark.role, runs: runs.length, phases, modifiedAt };
  } catch (error) {
    if (error instanceof CancelledError) return { kind: 'looking' };
    if (isMissing(error)) return { kind: 'missing' };
    const reason = error instanceof UserFacingError ? errorWords[error.code] : undefined;
    return { kind: 'other', reason: reason ?? 'unreadable' };
  }
}

/** Ms since the epoch. */
async function modificationTime(path: string): Promise<number> {
  if (isVirtualPath(path)) return (await vscode.workspace.fs.stat(uriOfPath(path))).mtime;
  return (await stat(path)).mtimeMs;
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'FileNotFound' || code === 'not-found';
}
