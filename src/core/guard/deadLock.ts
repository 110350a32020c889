import type { Finding } from './findings.ts';

/** The lock of a drain, or of a change, whose process ended without removing it. */
export interface DeadLock {
  /** Absolute. */
  readonly lockPath: string;
  readonly pid: number;
  /** ISO, UTC. */
  readonly since: string;
  /** The session of the drain; `null` where it had not begun one. */
  readonly sessionId: string | null;
}

/** What a dead lock tells: a drain that was killed can be resumed, anything else has left nothing but the lock. */
export function deadLockFindings(dead: DeadLock | null): Finding[] {
  if (dead === null) return [];
  const { lockPath, pid, since, sessionId } = dead;
  if (sessionId !== null) {
    return [
      {
        code: 'drain-killed',
        message: `A drain was killed (process ${pid}, session ${sessionId}): its last phase may be left EXECUTING.`,
        nextStep: `Resume it (drain --resume ${sessionId}): that finds out what came of the phase.`,
        sessionId,
      },
    ];
  }
  return [
    {
      code: 'lock-left',
      message: `A program that had locked the database since ${since} has died (process ${pid}).`,
      nextStep: `Nothing is held up: the next drain takes over. Or delete ${lockPath}.`,
    },
  ];
}
