import { spawn, type ChildProcess } from 'node:child_process';
import { cp, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { PostgresPrograms } from './postgresPrograms.ts';

/**
 * Ends the server of a folder and removes the folder as soon as this process closes the pipe, which it also does when it is
 * killed. In a session of its own, so that Ctrl+C in a terminal ends it no sooner.
 */
export function guardOf(folder: string): ChildProcess {
  const script = `cat >/dev/null
    file="$1/data/postmaster.pid"
    kill -QUIT "$(head -n 1 "$file")"
    n=0; while [ -e "$file" ] && [ $n -lt 100 ]; do sleep 0.05; n=$((n + 1)); done
    rm -rf "$1"`;
  const guard = spawn('/bin/sh', ['-c', script, 'guard', folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
    detached: true,
  });
  guard.unref();
  // A pipe is a socket to Node, which keeps a process running until it is closed.
  (guard.stdin as unknown as { unref: () => void }).unref();
  return guard;
}

/** Programs that a user without rights can reach: a copy of them, where folders above are private. */
export async function reachableBy(
  uid: number | null,
  programs: PostgresPrograms,
  folder: string,
): Promise<PostgresPrograms> {
  if (uid === null || (await isPublic(programs.folder))) return programs;
  const copy = join(folder, 'programs');
  await cp(dirname(programs.folder), copy, { recursive: true, verbatimSymlinks: true });
  return { ...programs, folder: join(copy, 'bin') };
}

async function isPublic(path: string): Promise<boolean> {
  if (((await stat(path)).mode & 0o001) === 0) return false;
  return path === '/' || isPublic(dirname(path));
}

/** A port of `localhost` on which nobody listens. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject).listen(0, 'localhost', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
