import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { databaseFolder } from '../../core/db/databaseName.ts';
import { folderOf, localFolders } from '../window/workspaceFolders.ts';

/**
 * Where pins and backups of a database are kept: in the folder that contains it, else the first, else its own; of a
 * PostgreSQL database, which has none, in the person's.
 */
export function guardFolder(path: string): string {
  const folder = folderOf(path) ?? localFolders()[0];
  return folder?.uri.fsPath ?? databaseFolder(path) ?? homedir();
}

/** Where a file that is made of a database is offered to be put: beside it, or in the first folder. */
export function besideDatabase(path: string, fileName: string): vscode.Uri {
  return vscode.Uri.file(join(databaseFolder(path) ?? guardFolder(path), fileName));
}
