import type { ClockPort, LoggerPort } from '../../core/ports.ts';
import { DatabaseGuard } from '../../node/identity/databaseGuard.ts';
import { journalAuthor } from '../../node/writer/journalAuthor.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { guardFolder } from './guardFolder.ts';

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
