import { dirname } from 'node:path';
import type { ClockPort, LoggerPort } from '../../core/ports.ts';
import { DatabaseGuard } from '../../node/identity/databaseGuard.ts';
import { journalAuthor } from '../../node/writer/journalAuthor.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { folderOf, localFolders } from '../window/workspaceFolders.ts';

/** Where pins and backups of a database are kept: in the folder that contains it, else the first, else its own. */
export function guardFolder(path: string): string {
  const folder = folderOf(path) ?? localFolders()[0];
  return folder?.uri.fsPath ?? dirname(path);
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
