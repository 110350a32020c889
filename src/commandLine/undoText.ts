import { type Shell, shellCommand } from '../core/text/shellCommand.ts';
import type { Backup } from '../node/maintenance/backups.ts';
import { textLines } from './textLines.ts';

/** The shell in which a person here most likely types. */
export const nativeShell: Shell = process.platform === 'win32' ? 'powershell' : 'posix';

/** Where the backup of a bulk change is, and how to go back to it. `databasePath` is absolute. */
export function undoText(databasePath: string, { path }: Backup): string {
  const words = ['autopack-hygiene', 'restore', '--database', databasePath, '--from', path];
  return textLines([`Backup: ${path}`, `To undo it: ${shellCommand(words, nativeShell)}`]);
}
