import { hostname, userInfo } from 'node:os';
import type { JournalAuthor } from '../../core/identity/journalEntry.ts';

/** This process as the author of changes. */
export function journalAuthor(program: JournalAuthor['program']): JournalAuthor {
  return { user: userName(), host: hostname(), pid: process.pid, program };
}

/** A user without an entry in the system's list, as in a container, has only a number. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}
