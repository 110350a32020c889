import { roleTitle, type RoleFacts } from '../core/identity/roleText.ts';
import type { DatabaseRole } from '../core/model/databaseFacts.ts';
import { textLines } from './textLayout.ts';

/** A database that a command is about to write. */
export interface AnnouncedDatabase extends RoleFacts {
  /** Absolute and real. */
  readonly path: string;
}

/** The palette of the terminal decides what they look like (ECMA-48, SGR): bold, and cyan, yellow, magenta. */
const styles: Readonly<Record<DatabaseRole, string>> = {
  seed: '\u001b[1;36m',
  legacy: '\u001b[1;33m',
  unknown: '\u001b[1;35m',
};

/** `Legacy backlog: /repo/backlog.db` as a line for a terminal, the role in its color where colors are wanted. */
export function roleLine(database: AnnouncedDatabase, hasColors: boolean): string {
  const title = roleTitle(database);
  const head = hasColors ? `${styles[database.role]}${title}\u001b[0m` : title;
  return `${head}: ${textLines([database.path])}\n`;
}
