import { realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import * as vscode from 'vscode';
import { localFolders } from './workspaceFolders.ts';

/**
 * Whether a file really lies in a trusted folder. A window's trust covers its folders alone: a database that was opened
 * from elsewhere may lie in a clone of anybody's, whose git configuration names programs.
 */
export async function isInTrustedFolder(path: string): Promise<boolean> {
  if (!vscode.workspace.isTrusted) return false;
  const real = (each: string): Promise<string> => realpath(each).catch(() => each);
  const file = await real(path);
  const folders = await Promise.all(localFolders().map(({ uri }) => real(uri.fsPath)));
  return folders.some((folder) => file.startsWith(folder.endsWith(sep) ? folder : folder + sep));
}
