import type { SessionFilesPort, SessionPlace, StoredSession } from '../../core/drain/drainPorts.ts';
import { toStoredResult } from '../../core/drain/hygieneSession.ts';
import type { SessionFiles } from './sessionStore.ts';
import type { NodeSharing } from './sharing.ts';

/**
 * The session files of the process that began a drain. The server has what all workers have brought, so that it counts more
 * than the files where it knows the drain; what was under way when a worker died is noted with its lease.
 */
export function leadersSessions(
  files: SessionFiles,
  sharing: Pick<NodeSharing, 'resultsOf'>,
): SessionFilesPort {
  return {
    create: (startedAt) => files.create(startedAt),
    save: (session, facts) => files.save(session, facts),
    logPaths: (...of) => files.logPaths(...of),
    async load(sessionId): Promise<StoredSession> {
      const stored = await files.load(sessionId);
      const results = await sharing.resultsOf(sessionId);
      if (results === null || stored.facts === null) return stored;
      const facts = { ...stored.facts, results: results.map(toStoredResult), inFlight: null };
      return { ...stored, facts };
    },
  };
}

/** Those of a worker that has joined: the leader writes the session, and it only logs. */
export function workersSessions(files: SessionFiles, drain: string): SessionFilesPort {
  const place: SessionPlace = { sessionId: drain, sessionPath: files.pathOf(drain) };
  return {
    create: () => Promise.resolve(place),
    save: () => Promise.resolve(),
    logPaths: (...of) => files.logPaths(...of),
    load: (sessionId) => files.load(sessionId),
  };
}
