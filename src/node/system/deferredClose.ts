import { closeSync } from 'node:fs';

/*
 * On POSIX, closing any descriptor of a file drops all locks that the process has on that file, also those that SQLite
 * took through another descriptor (sqlite.org/howtocorrupt.html, 2.2). SQLite puts its own descriptors aside for that
 * reason; this does the same for ours. All of it happens on the host's thread, also for descriptors that the reader's
 * threads opened, so nothing can come between the look at `connections` and the closing, and nobody waits for anybody.
 */

/** How many connections of SQLite this process has open, to whichever file. */
let connections = 0;
const aside: number[] = [];

/**
 * Keeps the locks of a connection of SQLite: call it before SQLite opens the file, and what it returns when SQLite has
 * closed it. Not only for writers: in WAL mode an idle connection, too, has a lock that keeps others from removing the log.
 */
export function keepLocks(): () => void {
  connections++;
  let kept = true;
  return () => {
    if (!kept) return;
    kept = false;
    connections--;
    if (connections === 0) for (const descriptor of aside.splice(0)) close(descriptor);
  };
}

/** Closes a file that was only read and may be a database's, now or as soon as this process has no connection of SQLite. */
export function closeWhenUnlocked(descriptor: number): void {
  if (connections === 0) close(descriptor);
  else aside.push(descriptor);
}

function close(descriptor: number): void {
  try {
    closeSync(descriptor);
  } catch {
    // Nothing was written, so nothing is lost; and it must not pass for a failure of the transaction that just ended.
  }
}
