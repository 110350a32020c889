import type { StoredSession } from '../../core/drain/drainPorts.ts';
import { isSessionRunning, SessionFiles } from '../../node/drain/sessionStore.ts';
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

/**
 * Reads a session of ours or of the reference; see {@link SessionFiles.load} for what it throws. Whether it runs is
 * looked up at its database, which may lie anywhere: not where `mayLookAround` is false, for a folder that is not trusted.
 */
export async function readStoredDrain(
  { folder, sessionId }: SessionTarget,
  mayLookAround = true,
): Promise<StoredDrain> {
  const stored = await new SessionFiles(folder).load(sessionId, mayLookAround);
  const { facts } = stored;
  const isRunning = mayLookAround && facts?.status === 'running' && (await isSessionRunning(facts));
  return { ...stored, folder, isRunning };
}
