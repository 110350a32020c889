import { hostname } from 'node:os';
import * as z from 'zod';
import { isPostgresPath } from '../../core/db/postgresUrl.ts';
import { UserFacingError } from '../../core/errors.ts';
import type { RunningDrain } from '../postgres/drainRows.ts';

/** What a database is locked for. */
const lockOperations = ['drain', 'requeue', 'mark-stale', 'delete-run', 'restore', 'change'] as const;
export type LockOperation = (typeof lockOperations)[number];

/** Ends `is being …`. */
const operationWords: Readonly<Record<LockOperation, string>> = {
  drain: 'drained',
  requeue: 're-queued',
  'mark-stale': 'rid of stale phases',
  'delete-run': 'rid of a run',
  restore: 'restored',
  change: 'changed',
};

/** A lock as its file holds it. */
export const lockContent = z.object({
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
  /** What it is held for; a lock of an earlier version, for a drain. */
  operation: z.enum(lockOperations).optional().catch(undefined),
});

/** Who drains a database. */
export type DrainLockContent = Readonly<z.output<typeof lockContent>>;

/** A drain on a server in the words of a lock. */
export function lockOf(drain: RunningDrain | null): DrainLockContent | null {
  if (drain === null) return null;
  const { id, pid, host, since, endpoint } = drain;
  return {
    ...{ token: id, pid, processMark: null, host, since, fileId: '', sessionId: id, operation: 'drain' },
    ...(endpoint === null ? {} : { endpoint }),
  };
}

/** Refuses what another's lock keeps from being done. */
export function running(lock: DrainLockContent, path: string): UserFacingError {
  const { sessionId, host } = lock;
  const session = sessionId === null ? '' : `, session ${sessionId}`;
  const isDrain = operationOf(lock) === 'drain';
  return new UserFacingError(
    'drain-running',
    isDrain
      ? `Another drain of this database is under way: ${holderOf(lock)}${session}.`
      : `This database is being ${lockWords(lock)}: ${holderOf(lock)}.`,
    host === hostname() || isPostgresPath(path)
      ? `Wait for its end${isDrain ? ', or cancel it' : ', then try again'}.`
      : `Wait for its end. If you are sure that it has died there, delete ${path}.`,
  );
}

/** What holds a lock: ends `is being …`. */
export function lockWords(lock: Pick<DrainLockContent, 'operation'>): string {
  return operationWords[operationOf(lock)];
}

/** What a lock is held for. */
export function operationOf({ operation = 'drain' }: Pick<DrainLockContent, 'operation'>): LockOperation {
  return operation;
}

function holderOf({ pid, host, since }: DrainLockContent): string {
  return `process ${pid}${host === hostname() ? '' : ` on ${host}`}, since ${since}`;
}
