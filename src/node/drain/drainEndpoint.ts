import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, rmdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir, hostname } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { runningDrain } from '../identity/drainLock.ts';
import { errnoCode } from '../system/fileError.ts';
import { removeTemporaryLeftovers } from '../system/replaceFile.ts';

const prefix = 'autopack-drain-';
const socketName = 'drain.sock';
const pipes = String.raw`\\.\pipe` + '\\';
/** What a Unix socket's address holds on macOS, less the closing zero; Linux allows four bytes more. */
const longestPath = 103;
/** How many characters `mkdtemp` adds. */
const suffixLength = 6;

/**
 * Where a drain can be followed: a Unix socket that only its user gets at, or on Windows a named pipe to which only its
 * user can write.
 */
export interface DrainEndpoint {
  /** The socket or pipe. */
  readonly path: string;
  /** A folder of its own that only its user can read; absolute. */
  readonly folder: string;
  /** Deletes the folder. */
  remove(): Promise<void>;
}

/** Makes the place for an endpoint; nobody listens there yet. */
export async function makeDrainEndpoint(temp: string = tmpdir()): Promise<DrainEndpoint> {
  const place = fits(temp) ? temp : '/tmp';
  await removeTemporaryLeftovers(place, leftoverName, isAbandoned);
  // `mkdtemp` makes folders that are closed to others.
  const folder = await mkdtemp(join(place, prefix));
  const path = process.platform === 'win32' ? `${pipes}${prefix}${randomUUID()}` : join(folder, socketName);
  return { path, folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

const leftoverName = new RegExp(`^${prefix}[A-Za-z0-9]{${suffixLength}}$`);
/** A drain listens within seconds of the making of its folder. */
const startMs = 60_000;

/** Whether nobody listens in a folder any more: its drain was killed. */
async function isAbandoned(folder: string, ageMs: number): Promise<boolean> {
  if (ageMs < startMs) return false;
  return new Promise((resolve) => {
    const socket = connect(join(folder, socketName));
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', (error) => resolve(['ECONNREFUSED', 'ENOENT'].includes(errnoCode(error) ?? '')));
  });
}

/** Whether a path, as a lock file names it, can be an endpoint of ours: what lies beside a database may be anybody's. */
export function isDrainEndpoint(path: string): boolean {
  if (process.platform === 'win32') return path.startsWith(`${pipes}${prefix}`);
  return isAbsolute(path) && basename(path) === socketName && basename(dirname(path)).startsWith(prefix);
}

/** Deletes what a drain that died has left of its endpoint, as its lock names it. */
export async function removeDeadEndpoint(path: string | undefined): Promise<void> {
  // A pipe is gone with its process.
  if (path === undefined || process.platform === 'win32' || !isDrainEndpoint(path)) return;
  await rm(path, { force: true }).catch(() => undefined);
  // Only where nothing else is in it.
  await rmdir(dirname(path)).catch(() => undefined);
}

function fits(temp: string): boolean {
  if (process.platform === 'win32') return true;
  return Buffer.byteLength(join(temp, prefix, socketName)) + suffixLength <= longestPath;
}

/** Where the drain of a database can be followed; `null` where there is none, or none on this machine that says so. */
export async function findDrainEndpoint(databasePath: string): Promise<string | null> {
  const found = await runningDrain(databasePath);
  const endpoint = found?.endpoint;
  if (endpoint === undefined || found?.host !== hostname()) return null;
  return isDrainEndpoint(endpoint) ? endpoint : null;
}
