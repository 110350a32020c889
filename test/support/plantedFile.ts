import { execFile } from 'node:child_process';
import { link, mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
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

/** A file of somebody else's under a second name. */
export async function plantHardLink(victim: string, path: string): Promise<void> {
  await link(victim, path);
}

/** Closing a server removes its socket, so a process that is killed makes it. */
async function leaveSocket(path: string): Promise<void> {
  const program = `require('node:net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;
  await run(process.execPath, ['-e', program, path]).catch(() => undefined);
}

/** Devices that can be made only by the superuser, who runs the tests in most containers. */
export async function plantDevice(path: string): Promise<void> {
  await run('mknod', [path, 'c', '1', '5']);
}

/** A server that nobody asked for, on a socket of a path. */
export async function listenAt(path: string): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return server;
}
