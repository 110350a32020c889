import { hostname } from 'node:os';
import * as z from 'zod';
import { isPostgresPath } from '../../core/db/postgresUrl.ts';
import { isSessionId } from '../../core/drain/sessionNames.ts';
import { UserFacingError } from '../../core/errors.ts';
import { contextual, t } from '../../core/text/l10n.ts';
import type { RunningDrain } from '../postgres/drainRows.ts';

/** What a database is locked for. */
const lockOperations = ['drain', 'requeue', 'mark-stale', 'delete-run', 'restore', 'change'] as const;
export type LockOperation = (typeof lockOperations)[number];

/** Ends `is being …`. */
const operationWords = (): Readonly<Record<LockOperation, string>> => ({
  drain: contextual('lock')`drained`,
  requeue: contextual('lock')`re-queued`,
  'mark-stale': contextual('lock')`rid of stale phases`,
  'delete-run': contextual('lock')`rid of a run`,
  restore: contextual('lock')`restored`,
  change: contextual('lock')`changed`,
});

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
  /** What is no id of a session is nobody's word for one. */
  sessionId: z
    .string()
    .nullable()
    .transform((id) => (id !== null && isSessionId(id) ? id : null)),
  /** Where the drain can be followed, see `DrainServer`; a drain of an earlier version has none. */
  endpoint: z.string().optional(),
  /** How many work on a drain on a server. */
  workers: z.number().optional(),
  /** What it is held for; a lock of an earlier version, for a drain. */
  operation: z.enum(lockOperations).optional().catch(undefined),
});

/** Who drains a database. */
export type DrainLockContent = Readonly<z.output<typeof lockContent>>;

/** A drain on a server in the words of a lock. */
export function lockOf(drain: RunningDrain | null): DrainLockContent | null {
  if (drain === null) return null;
  const { id, pid, host, since, endpoint, workers } = drain;
  return {
    ...{ token: id, pid, processMark: null, host, since, fileId: '', sessionId: id, operation: 'drain' },
    workers,
    ...(endpoint === null ? {} : { endpoint }),
  };
}

/** Refuses what another's lock keeps from being done. `path` is that of the lock, or of a database on a server. */
export function running(lock: DrainLockContent, path: string): UserFacingError {
  const { sessionId } = lock;
  const holder = holderOf(lock);
  const isDrain = operationOf(lock) === 'drain';
  return new UserFacingError(
    'drain-running',
    !isDrain
      ? t`This database is being ${lockWords(lock)}: ${holder}.`
      : sessionId === null
        ? t`Another drain of this database is under way: ${holder}.`
        : t`Another drain of this database is under way: ${holder}, session ${sessionId}.`,
    (isDrain ? t`Wait for its end, or cancel it.` : t`Wait for its end, then try again.`) +
      wayPast(lock, path),
  );
}

/**
 * How to go on, after a space, where nobody can say here whether the process that holds a lock lives, or whether it is the
 * one that took it; else empty. `path` is that of the lock, or of a database on a server, where it runs out by itself.
 */
export function wayPast({ host, pid, processMark }: DrainLockContent, path: string): string {
  if (isPostgresPath(path)) return '';
  if (host !== hostname()) return t` If you are sure that it has died there, delete ${path}.`;
  return processMark === null ? t` If process ${pid} is another program, delete ${path}.` : '';
}

/** What holds a lock: ends `is being …`. */
export function lockWords(lock: Pick<DrainLockContent, 'operation'>): string {
  return operationWords()[operationOf(lock)];
}

/** What a lock is held for. */
export function operationOf({ operation = 'drain' }: Pick<DrainLockContent, 'operation'>): LockOperation {
  return operation;
}

function holderOf({ pid, host, since }: DrainLockContent): string {
  return host === hostname()
    ? t`process ${pid}, since ${since}`
    : t`process ${pid} on ${host}, since ${since}`;
}
