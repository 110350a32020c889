import * as vscode from 'vscode';
import { separatorOf } from '../../core/db/pathParts.ts';
import { UserFacingError } from '../../core/errors.ts';
import { contextual, t } from '../../core/text/l10n.ts';
import { safeWindow } from './safeWindow.ts';

/** The folders of the window, wherever they lie. */
export function windowFolders(): readonly vscode.WorkspaceFolder[] {
  return vscode.workspace.workspaceFolders ?? [];
}

/** The folders of the window that lie on this machine. */
export function localFolders(): readonly vscode.WorkspaceFolder[] {
  return windowFolders().filter(({ uri }) => uri.scheme === 'file');
}

/** The folder that contains a file, the innermost if several do. */
export function folderOf(path: string): vscode.WorkspaceFolder | undefined {
  return localFolders()
    .filter(({ uri }) => path.startsWith(uri.fsPath + separatorOf(uri.fsPath)))
    .sort((a, b) => b.uri.fsPath.length - a.uri.fsPath.length)[0];
}

/**
 * The folder in which phases of a database are executed: the one that contains it, else the only one, else the one
 * the user picks; `undefined` when they pick none. Fails with `invalid-argument` where no folder is open.
 */
export async function pickExecutionFolder(database: string): Promise<vscode.WorkspaceFolder | undefined> {
  const containing = folderOf(database);
  if (containing !== undefined) return containing;
  const folders = localFolders();
  if (folders.length === 0) {
    throw new UserFacingError(
      'invalid-argument',
      t`No folder is open to run phases in.`,
      t`Open the folder of the project, then drain again.`,
    );
  }
  if (folders.length === 1) return folders[0];
  const picked = await safeWindow.showQuickPick(
    folders.map((folder) => ({ label: folder.name, description: folder.uri.fsPath, folder })),
    {
      title: contextual('verb')`Drain`,
      placeHolder: t`Which folder should the phases run in? The database is in none of them.`,
    },
  );
  return picked?.folder;
}

/** Refuses what writes or executes in a workspace the user has not trusted, with `untrusted-workspace`. */
export function requireTrust(what: string): void {
  if (vscode.workspace.isTrusted) return;
  throw new UserFacingError(
    'untrusted-workspace',
    t`${what} is not done in Restricted Mode: this workspace is not trusted.`,
    t`Browsing and analyzing work; trust the workspace to write or execute.`,
  );
}
