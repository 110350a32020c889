import { randomUUID } from 'node:crypto';
import { link, open, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import writeFileAtomic from 'write-file-atomic';
import * as z from 'zod';
import { UserFacingError } from '../../core/errors.ts';
import type { DeadLock } from '../../core/guard/deadLock.ts';
import { errnoCode, fileError } from '../files/fileError.ts';
import { fileIdOf } from '../files/fileId.ts';
import { processExists, processMark } from './processMark.ts';

const lockContent = z.object({
  /** Differs from lock to lock. */
  token: z.string(),
  pid: z.number(),
  /** When the process began, see {@link processMark}. */
  processMark: z.string().nullable(),
  host: z.string(),
  /** ISO, UTC. */
  since: z.string(),
  /** `device:inode` of the database. */
  fileId: z.string(),
  sessionId: z.string().nullable(),
  /** Where the drain can be followed, see `DrainServer`; a drain of an earlier version has none. */
  endpoint: z.string().optional(),
});

/** Who drains a database. */
export type DrainLockContent = Readonly<z.output<typeof lockContent>>;

/** A lock that is held. */
export interface HeldDrainLock {
  /** The lock of a drain that died, in whose place this one is; `null` as a rule. */
  readonly takenOver: DrainLockContent | null;
  /** Says in the lock which session it is for. */
  nameSession(sessionId: string): Promise<void>;
  release(): Promise<void>;
}

/**
 * The lock file of a database, beside it whatever link it is reached by: drains from other folders and windows, and from
 * other machines that share the disk, must see it too.
 */
export async function drainLockPath(databasePath: string): Promise<string> {
  try {
    return `${await realpath(databasePath)}.drain-lock`;
  } catch (error) {
    throw fileError(error, databasePath);
  }
}

/** Who drains a database at the moment, on this machine or another; `null` if nobody does. */
export async function runningDrain(databasePath: string): Promise<DrainLockContent | null> {
  const found = await readLock(await drainLockPath(databasePath));
  return found !== null && (await isLive(found)) ? found : null;
}

/** What a process left behind that died with a database locked; `null` as a rule. */
export async function deadDrainLock(databasePath: string): Promise<DeadLock | null> {
  const lockPath = await drainLockPath(databasePath);
  const found = await readLock(lockPath);
  if (found === null || (await isLive(found))) return null;
  const { pid, since, sessionId } = found;
  return { lockPath, pid, since, sessionId };
}

/**
 * Locks a database against a second drain, which can be followed at `endpoint`. Fails with `drain-running`, naming who
 * drains it.
 */
export async function acquireDrainLock(
  databasePath: string,
  now: number,
  endpoint?: string,
): Promise<HeldDrainLock> {
  const path = await drainLockPath(databasePath);
  let content: DrainLockContent = {
    token: randomUUID(),
    pid: process.pid,
    processMark: await processMark(process.pid),
    host: hostname(),
    since: new Date(now).toISOString(),
    fileId: fileIdOf(await stat(databasePath, { bigint: true })),
    sessionId: null,
    ...(endpoint === undefined ? {} : { endpoint }),
  };
  let takenOver: DrainLockContent | null = null;
  while (!(await place(path, content))) {
    const found = await readLock(path);
    if (found === null) continue;
    if (await isLive(found)) throw running(found, path);
    if (await replaceDead(path, found, content)) {
      takenOver = found;
      break;
    }
  }
  return {
    takenOver,
    async nameSession(sessionId) {
      content = { ...content, sessionId };
      await writeFileAtomic(path, JSON.stringify(content));
    },
    async release() {
      if ((await readLock(path))?.token === content.token) await rm(path, { force: true });
    },
  };
}

/** What file systems answer that have no links. */
const withoutLinks = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

/** Puts the lock in place, whole at once; `false` where there is one. */
async function place(path: string, content: DrainLockContent): Promise<boolean> {
  const draft = `${path}.${content.token}`;
  try {
    const file = await open(draft, 'wx');
    await file.writeFile(JSON.stringify(content));
    await file.close();
    await link(draft, path).catch(async (error: unknown) => {
      if (!withoutLinks.includes(errnoCode(error) ?? '')) throw error;
      await writeFile(path, JSON.stringify(content), { flag: 'wx' });
    });
    return true;
  } catch (error) {
    if (errnoCode(error) === 'EEXIST') return false;
    throw fileError(error, path);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Those who would take over from the dead go one by one, or two could each move away the other's new lock. */
const takeOverMs = 10_000;
const pollMs = 20;

/** Puts a lock in the place of a dead one; `false` where another drain was faster, or is at it. */
async function replaceDead(
  path: string,
  dead: DrainLockContent,
  content: DrainLockContent,
): Promise<boolean> {
  const turn = `${path}.takeover`;
  try {
    await (await open(turn, 'wx')).close();
  } catch (error) {
    if (errnoCode(error) !== 'EEXIST') throw fileError(error, turn);
    const since = await stat(turn).then(
      ({ mtimeMs }) => mtimeMs,
      () => Date.now(),
    );
    // Whoever had the turn has died in it.
    if (Date.now() - since > takeOverMs) await rm(turn, { force: true });
    await wait(pollMs);
    return false;
  }
  try {
    if ((await readLock(path))?.token !== dead.token) return false;
    await writeFileAtomic(path, JSON.stringify(content));
    return true;
  } catch (error) {
    throw fileError(error, path);
  } finally {
    await rm(turn, { force: true });
  }
}

/** The content of a lock; `null` where there is none. What is not ours is nobody's, and as dead as can be. */
async function readLock(path: string): Promise<DrainLockContent | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errnoCode(error) === 'ENOENT') return null;
    throw fileError(error, path);
  }
  try {
    return lockContent.parse(JSON.parse(text));
  } catch {
    const nobody = { token: text, pid: -1, processMark: null, host: hostname(), fileId: '' };
    return { ...nobody, since: new Date(0).toISOString(), sessionId: null };
  }
}

/** A process of another machine cannot be asked about, and counts as alive. */
async function isLive({ pid, host, processMark: began }: DrainLockContent): Promise<boolean> {
  if (host !== hostname()) return true;
  if (pid <= 0 || !processExists(pid)) return false;
  // The id may have gone to another process since; a zombie has no mark, and works on nothing.
  return began === null || (await processMark(pid)) === began;
}

function running({ pid, host, since, sessionId }: DrainLockContent, path: string): UserFacingError {
  const isHere = host === hostname();
  const who = `process ${pid}${isHere ? '' : ` on ${host}`}`;
  const session = sessionId === null ? '' : `, session ${sessionId}`;
  return new UserFacingError(
    'drain-running',
    `Another drain of this database is under way: ${who}, since ${since}${session}.`,
    isHere
      ? 'Wait for its end, or cancel it.'
      : `Wait for its end. If you are sure that it has died there, delete ${path}.`,
  );
}
