import * as vscode from 'vscode';
import type { FoundReason } from '../../core/failures/clusterFailures.ts';
import type { PhaseKey } from '../../core/model/phase.ts';
import { findReasons } from '../../node/drain/failureTraces.ts';
import { isVirtualPath } from '../database/virtualPaths.ts';
import { localFolders } from '../window/workspaceFolders.ts';

/**
 * Finds out why phases of a database (an absolute path) failed from what lies in the folders of the window; nothing before
 * they are trusted.
 */
export async function lookForReasons(
  keys: readonly PhaseKey[],
  databasePath: string,
): Promise<readonly FoundReason[]> {
  if (!vscode.workspace.isTrusted || isVirtualPath(databasePath)) return [];
  const folders = localFolders().map(({ uri }) => uri.fsPath);
  return findReasons(keys, { folders, databasePath });
}
