import type { DrainSummary } from '../core/drain/drainSummary.ts';
import { UserFacingError } from '../core/errors.ts';
import { DrainClient } from '../node/drain/drainClient.ts';
import { findDrainEndpoint } from '../node/drain/drainEndpoint.ts';
import { listSessions, SessionFiles, type SessionOverview } from '../node/drain/sessionStore.ts';
import type { CommandContext } from './commandContext.ts';
import { DrainStatus } from './drainStatus.ts';

/** A drain that was followed to its end. */
export interface WatchedDrain {
  /** Absolute. */
  readonly databasePath: string;
  readonly summary: DrainSummary;
}

/**
 * Follows a drain under way of a workspace folder (absolute) to its end: the one of a session, else the newest. Resolves to
 * `null` on Ctrl+C, which leaves the drain alone. Throws `not-found` where none runs or it cannot be followed, and what
 * the drain itself failed with.
 */
export async function watchDrain(
  folder: string,
  sessionId: string | undefined,
  context: CommandContext,
): Promise<WatchedDrain | null> {
  const { databasePath } = await runningSession(folder, sessionId);
  const endpoint = await findDrainEndpoint(databasePath);
  if (endpoint === null) throw cannotFollow(databasePath);
  let status: DrainStatus | null = null;
  const client = await DrainClient.connect(endpoint, (live, progress) =>
    status?.follow(live, progress),
  ).catch(() => {
    throw cannotFollow(databasePath);
  });
  const letGo = (): void => client.close();
  context.signal.addEventListener('abort', letGo);
  if (context.signal.aborted) letGo();
  context.stderr(`Following the drain of ${databasePath}; Ctrl+C leaves it alone.\n`);
  status = new DrainStatus(context, client.live);
  const end = await client.ended;
  context.signal.removeEventListener('abort', letGo);
  status.end();
  switch (end.kind) {
    case 'stopped':
      return { databasePath, summary: end.summary };
    case 'let-go':
      return null;
    case 'failed':
      throw end.error;
    case 'lost':
      throw new UserFacingError(
        'not-found',
        `The drain of ${databasePath} ended without a word.`,
        'List the sessions: one that was killed can be resumed.',
      );
  }
}

async function runningSession(
  folder: string,
  sessionId: string | undefined,
): Promise<SessionOverview & { readonly databasePath: string }> {
  const sessions = await listSessions(new SessionFiles(folder));
  for (const session of sessions) {
    const { standing, databasePath } = session;
    const isMeant = sessionId === undefined || session.sessionId === sessionId;
    if (isMeant && standing === 'running' && databasePath !== null) return { ...session, databasePath };
  }
  throw new UserFacingError(
    'not-found',
    sessionId === undefined
      ? `No drain is running in ${folder}.`
      : `The session ${sessionId} is not running.`,
    'List the sessions, or name the folder of the drain with --workspace <folder>.',
  );
}

function cannotFollow(databasePath: string): UserFacingError {
  return new UserFacingError(
    'not-found',
    `The drain of ${databasePath} cannot be followed: it runs on another machine, by another version, or for another user.`,
    'Watch its phases instead: autopack-hygiene runs --watch.',
  );
}
