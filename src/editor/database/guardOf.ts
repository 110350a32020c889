import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ClockPort, LoggerPort } from '../../core/ports.ts';
import { DatabaseGuard } from '../../node/identity/databaseGuard.ts';
import { databaseFolder } from '../../node/system/databaseName.ts';
import { journalAuthor } from '../../node/writer/journalAuthor.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { folderOf, localFolders } from '../window/workspaceFolders.ts';

/**
 * Where pins and backups of a database are kept: in the folder that contains it, else the first, else its own; of a
 * PostgreSQL database, which has none, in the person's.
 */
export function guardFolder(path: string): string {
  const folder = folderOf(path) ?? localFolders()[0];
  return folder?.uri.fsPath ?? databaseFolder(path) ?? homedir();
}

/** The guard that knows a database. */
export function guardOf(
  path: string,
  {
    reader,
    clock,
    log,
  }: { readonly reader: DatabaseReader; readonly clock: ClockPort; readonly log?: LoggerPort },
): DatabaseGuard {
  const onFirstPin = (message: string): void => log?.info(message);
  return new DatabaseGuard({
    reader,
    clock,
    workspaceFolder: guardFolder(path),
    author: journalAuthor('editor'),
    onFirstPin,
  });
}

/** Where a file that is made of a database is offered to be put: beside it, or in the first folder. */
export function besideDatabase(path: string, fileName: string): vscode.Uri {
  return vscode.Uri.file(join(databaseFolder(path) ?? guardFolder(path), fileName));
}
