import { randomBytes } from 'node:crypto';
import { execFile } from 'node:child_process';
import { mkdir, rename, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Something that may stand where a small file of ours is expected, and what people are told of it. */
export interface Planted {
  readonly kind: string;
  /** Puts it under a path that is free. */
  readonly plant: (path: string) => Promise<void>;
  readonly message: RegExp;
}

/** All that Linux has of what can stand under a name and is no regular file of a few bytes. */
export const planted: readonly Planted[] = [
  ...[
    '/dev/zero',
    '/dev/ptmx',
    '/dev/tty',
    '/dev/null',
    '/dev/urandom',
    '/proc/kmsg',
    '/proc/self/environ',
    '/etc/passwd',
  ].map((target) => ({
    kind: `a link to ${target}`,
    plant: (path: string) => symlink(target, path),
    message: /is a symbolic link/,
  })),
  {
    kind: 'a dangling link',
    plant: (path) => symlink(`${path}.nowhere`, path),
    message: /is a symbolic link/,
  },
  { kind: 'a link to itself', plant: (path) => symlink(path, path), message: /is a symbolic link/ },
  {
    kind: 'a pipe',
    plant: async (path) => {
      await run('mkfifo', [path]);
    },
    message: /is a pipe/,
  },
  {
    kind: 'a link to a pipe',
    plant: async (path) => {
      await run('mkfifo', [`${path}.pipe`]);
      await symlink(`${path}.pipe`, path);
    },
    message: /is a symbolic link/,
  },
  { kind: 'a socket', plant: (path) => leaveSocket(path), message: /is a socket/ },
  {
    kind: 'a folder',
    plant: async (path) => {
      await mkdir(path);
    },
    message: /is a folder/,
  },
];

/** A regular file far beyond any limit, which takes no room on the disk. */
export const endless: Planted = {
  kind: 'a sparse file of 1 TB',
  plant: async (path) => {
    await writeFile(path, '');
    await truncate(path, 2 ** 40);
  },
  message: /is larger than \d+ [KM]B/,
};

/** What stays of a socket when its server was killed: closing one removes what has its first name only. */
async function leaveSocket(path: string): Promise<void> {
  const server = createServer();
  // The address of a socket may not be long.
  const first = join(tmpdir(), `s-${randomBytes(4).toString('hex')}`);
  await new Promise<void>((resolve) => server.listen(first, resolve));
  await rename(first, path);
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
