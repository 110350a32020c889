import { link, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isPostgresPath } from '../../core/db/postgresUrl.ts';
import { UserFacingError } from '../../core/errors.ts';
import type { DeadLock } from '../../core/identity/findings.ts';
import { t } from '../../core/text/l10n.ts';
import { refuseUnsafeCompanions } from '../system/databaseCompanions.ts';
import { errnoCode, fileError } from '../system/fileError.ts';
import { processExists, processMark } from '../system/processMark.ts';
import { fileIdOf } from '../system/realPath.ts';
import { readIfThere } from '../system/regularFile.ts';
import { createDraft, removeDraft, removeStaleDrafts, replaceFile } from '../system/replaceFile.ts';
import { cryptography } from '../system/systemPorts.ts';
import {
  lockContent,
  lockOf,
  operationOf,
  running,
  type DrainLockContent,
  type LockOperation,
} from './drainLockContent.ts';
import { drainOnServer } from './drainOnServer.ts';

/** In bytes. */
const longest = 64 << 10;

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
  if (isPostgresPath(databasePath)) return lockOf(await drainOnServer(databasePath));
  const found = await readLock(await drainLockPath(databasePath));
  return found !== null && (await isLive(found)) ? found : null;
}

/** The lock of a process that died while holding it; `null` where there is none. */
export async function deadDrainLock(databasePath: string): Promise<DeadLock | null> {
  // There is no file of which one could be left: what a worker had on a server runs out by itself.
  if (isPostgresPath(databasePath)) return null;
  const lockPath = await drainLockPath(databasePath);
  const found = await readLock(lockPath);
  if (found === null || (await isLive(found))) return null;
  const { pid, since, sessionId } = found;
  return { lockPath, pid, since, sessionId };
}

/**
 * A change of many rows is one transaction of the server, which refuses what others have changed meanwhile: nothing has to
 * be locked for it, but no drain may be under way. Drains see to that themselves.
 */
async function lockOnServer(databasePath: string): Promise<HeldDrainLock> {
  const found = lockOf(await drainOnServer(databasePath, 0));
  if (found !== null) throw running(found, databasePath);
  return {
    takenOver: null,
    nameSession: () => Promise.resolve(),
    release: () => Promise.resolve(),
  };
}

/** How long a lock is tried for that others take and leave all the time, in ms. */
const busyTimeoutMs = 15_000;

/**
 * Locks a database against a second drain, which can be followed at `endpoint`, and other changes of many rows. Fails with
 * `drain-running`, naming who holds the lock, and `unreadable` where something else than a file stands in its place, or in
 * that of the database's journal or log.
 */
export async function acquireDrainLock(
  databasePath: string,
  now: number,
  endpoint?: string,
  operation: LockOperation = 'drain',
): Promise<HeldDrainLock> {
  if (isPostgresPath(databasePath)) return lockOnServer(databasePath);
  // Whoever writes it under this lock would wait for such a thing: an executor until its time is up.
  refuseUnsafeCompanions(databasePath);
  const path = await drainLockPath(databasePath);
  let content: DrainLockContent = {
    token: cryptography().randomUUID(),
    pid: process.pid,
    processMark: await processMark(process.pid),
    host: hostname(),
    since: new Date(now).toISOString(),
    fileId: fileIdOf(await stat(databasePath, { bigint: true })),
    sessionId: null,
    ...(endpoint === undefined ? {} : { endpoint }),
    operation,
  };
  await removeStaleDrafts(dirname(path));
  const takenOver = await take(path, content);
  return {
    takenOver,
    async nameSession(sessionId) {
      content = { ...content, sessionId };
      await replaceFile(path, JSON.stringify(content));
    },
    async release() {
      if ((await readLock(path))?.token === content.token) await rm(path, { force: true });
    },
  };
}

/** Puts a lock in place, and resolves to that of a dead process it took over; `null` as a rule. */
async function take(path: string, content: DrainLockContent): Promise<DrainLockContent | null> {
  const deadline = performance.now() + busyTimeoutMs;
  for (;;) {
    if (await place(path, content)) {
      await removeDeadTurn(path).catch(async (error: unknown) => {
        await rm(path, { force: true });
        throw error;
      });
      return null;
    }
    const found = await readLock(path);
    if (found !== null) {
      if (await isLive(found)) throw running(found, path);
      if (await replaceDead(path, found, content)) return found;
    }
    if (performance.now() > deadline) throw contended(path);
    await wait(pollMs * (0.5 + Math.random()));
  }
}

/** What file systems answer that have no links. */
const withoutLinks = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

/** Puts the lock in place, whole at once; `false` where there is one. */
async function place(path: string, content: DrainLockContent): Promise<boolean> {
  let draft: string | undefined;
  try {
    draft = await createDraft(path);
    await writeFile(draft, JSON.stringify(content));
    await link(draft, path).catch(async (error: unknown) => {
      if (!withoutLinks.includes(errnoCode(error) ?? '')) throw error;
      await writeFile(path, JSON.stringify(content), { flag: 'wx', mode: 0o600 });
    });
    return true;
  } catch (error) {
    if (errnoCode(error) === 'EEXIST') return false;
    throw fileError(error, path);
  } finally {
    if (draft !== undefined) await removeDraft(draft);
  }
}

const pollMs = 20;

/** Puts a lock in the place of a dead one; `false` where another drain was faster, or is at it. */
async function replaceDead(
  path: string,
  dead: DrainLockContent,
  content: DrainLockContent,
): Promise<boolean> {
  const done = await inTurn(path, content, async () => {
    if ((await readLock(path))?.token !== dead.token) return false;
    await replaceFile(path, JSON.stringify(content));
    return true;
  });
  return done ?? false;
}

/**
 * Removes the lock of a dead process where there is nothing to be learned from it: that of a drain stays, for its session
 * can be resumed. Never rejects.
 */
export async function removeDeadLock(databasePath: string): Promise<void> {
  if (isPostgresPath(databasePath)) return;
  try {
    const path = await drainLockPath(databasePath);
    const found = await readLock(path);
    const isSpent = found !== null && operationOf(found) !== 'drain' && !(await isLive(found));
    if (!isSpent) {
      await removeDeadTurn(path);
      return;
    }
    await inTurn(
      path,
      { ...found, pid: process.pid, processMark: null, token: cryptography().randomUUID() },
      async () => {
        if ((await readLock(path))?.token === found.token) await rm(path, { force: true });
      },
    );
  } catch {
    // Whoever takes the lock next gets the error.
  }
}

/**
 * Those who would take over from the dead go one by one, or two could each move away the other's new lock. `null` where
 * it is another's turn.
 */
async function inTurn<T>(path: string, content: DrainLockContent, work: () => Promise<T>): Promise<T | null> {
  const turn = turnOf(path);
  const isOurs =
    (await place(turn, content)) || ((await removeDeadTurn(path)) && (await place(turn, content)));
  if (!isOurs) return null;
  try {
    return await work();
  } catch (error) {
    throw fileError(error, path);
  } finally {
    await rm(turn, { force: true });
  }
}

/** Takes away what a process left that has died in its turn; `false` where nobody has. */
async function removeDeadTurn(path: string): Promise<boolean> {
  const turn = turnOf(path);
  const found = await readLock(turn);
  if (found === null || (await isLive(found))) return false;
  await rm(turn, { force: true });
  return true;
}

function turnOf(path: string): string {
  return `${path}.takeover`;
}

/** The content of a lock; `null` where there is none. What is not ours is nobody's, and as dead as can be. */
async function readLock(path: string): Promise<DrainLockContent | null> {
  const text = await readIfThere(path, longest);
  if (text === null) return null;
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

function contended(path: string): UserFacingError {
  return new UserFacingError(
    'drain-running',
    t`The lock ${path} could not be had within ${busyTimeoutMs / 1000} s: other programs take it all the time.`,
    t`Wait until they have finished, then try again.`,
  );
}
