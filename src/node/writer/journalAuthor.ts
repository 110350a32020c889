import { hostname, userInfo } from 'node:os';
import type { JournalAuthor } from '../../core/identity/journalEntry.ts';

/** This process as the author of changes; `agent` is what runs it in the place of a person, where that can be told. */
export function journalAuthor(program: JournalAuthor['program'], agent?: string): JournalAuthor {
  const author = { user: userName(), host: hostname(), pid: process.pid, program };
  return agent === undefined ? author : { ...author, agent };
}

/** A user without an entry in the system's list, as in a container, has only a number. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}
