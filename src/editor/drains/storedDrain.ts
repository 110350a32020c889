import type { StoredSession } from '../../core/drain/drainPorts.ts';
import { runningDrain } from '../../node/drain/drainLock.ts';
import { SessionFiles } from '../../node/drain/sessionFiles.ts';
import type { SessionTarget } from '../ids.ts';

/** Where a workspace folder keeps its drain sessions, with `/` between the parts. */
export const sessionsFolder = '.autonomous_runs/batch_drain_sessions';

/** A session as it lies on disk. */
export interface StoredDrain extends StoredSession {
  /** The workspace folder it belongs to; absolute. */
  readonly folder: string;
  /** A live process holds the lock of its database for it. */
  readonly isRunning: boolean;
}

/** Reads a session of ours or of the reference; see {@link SessionFiles.load} for what it throws. */
export async function readStoredDrain({ folder, sessionId }: SessionTarget): Promise<StoredDrain> {
  const stored = await new SessionFiles(folder).load(sessionId);
  return { ...stored, folder, isRunning: await isRunning(stored) };
}

async function isRunning({ facts }: StoredSession): Promise<boolean> {
  if (facts?.status !== 'running') return false;
  // The database may be gone, and with it the lock.
  const running = await runningDrain(facts.databasePath).catch(() => null);
  return running?.sessionId === facts.sessionId;
}
