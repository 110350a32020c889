import * as z from 'zod';
import { zeroYieldText } from '../../core/drain/drainResult.ts';
import type { StoredSession } from '../../core/drain/drainPorts.ts';
import { UserFacingError } from '../../core/errors.ts';
import { listSessions, SessionFiles, type SessionOverview } from '../drain/sessionStore.ts';
import { runningDrain } from '../identity/drainLock.ts';
import { lockWords } from '../identity/drainLockContent.ts';
import { realPathOf } from '../system/realPath.ts';
import { defineTool, type AgentTool } from './agentTool.ts';
import { isoTime } from './answerText.ts';
import { pageInput, pageOf } from './toolInput.ts';

/** What drains did, and why they ended. */
export const drainStatusTool: AgentTool = defineTool({
  name: 'autopack_drain_status',
  title: 'Autopack: Drain Status',
  description:
    'Tells whether a drain of the selected Autopack database is running, lists its drain sessions (newest first: counts, whether it can be resumed, why it stopped) and, for one session (the newest, or sessionId), the result of each execution: success, error, and why there was no telemetry. Use it to follow a drain or to explain how it ended. Reads only.',
  input: z.strictObject({
    sessionId: z.string().max(200).optional().describe('The session to tell the results of.'),
    onlyFailed: z.boolean().default(false).describe('Only results that did not succeed.'),
    ...pageInput,
  }),
  async answer({ sessionId, onlyFailed, ...page }, { world, path }) {
    const lock = await runningDrain(path);
    const real = await realPathOf(path);
    const found = await sessionsOf(real, world.workspaceFolders());
    const chosen =
      sessionId === undefined ? found[0] : found.find(({ session }) => session.sessionId === sessionId);
    if (sessionId !== undefined && chosen === undefined) throw noSession(sessionId);
    const stored = await (chosen?.files.load(chosen.session.sessionId).catch(() => null) ?? null);
    const results = (stored?.facts?.results ?? [])
      .filter(({ success }) => !onlyFailed || !success)
      .toReversed();
    return {
      facts: {
        running:
          lock === null
            ? null
            : { sessionId: lock.sessionId, since: lock.since, doing: lockWords(lock), host: lock.host },
        sessionCount: found.length,
        session: chosen === undefined ? null : overviewOf(chosen.session),
        inFlight: stored === null ? null : inFlightOf(stored),
      },
      lists: [
        pageOf('results', results, page, (result) => ({
          runId: result.runId,
          phaseId: result.phaseId,
          attempt: result.attempt,
          outcome: result.outcome,
          finalState: result.finalState,
          finishedAt: isoTime(result.finishedAt),
          ...(result.error === null ? {} : { error: result.error }),
          ...(result.zeroYield === null
            ? {}
            : {
                noTelemetry: result.zeroYield.cause,
                why: zeroYieldText(result.zeroYield, result.error),
              }),
        })),
        { name: 'sessions', items: found.map(({ session }) => overviewOf(session)) },
      ],
    };
  },
});

interface FoundSession {
  readonly files: SessionFiles;
  readonly session: SessionOverview;
}

/** The sessions of a database (a real path), of all folders, newest first. */
async function sessionsOf(databasePath: string, folders: readonly string[]): Promise<FoundSession[]> {
  const found: FoundSession[] = [];
  for (const folder of folders) {
    const files = new SessionFiles(folder);
    for (const session of await listSessions(files)) {
      if (session.databasePath === databasePath) found.push({ files, session });
    }
  }
  return found.sort((a, b) => (a.session.sessionId < b.session.sessionId ? 1 : -1));
}

function overviewOf(session: SessionOverview): object {
  const { sessionId, standing, startedAt, processed, succeeded, failed, timedOut, telemetryEvents, stop } =
    session;
  return {
    sessionId,
    standing,
    startedAt: isoTime(startedAt === null ? null : Date.parse(startedAt)),
    processed,
    succeeded,
    failed,
    timedOut,
    telemetryEvents,
    whyStopped: stop,
  };
}

function inFlightOf({ facts }: StoredSession): object | null {
  if (facts?.inFlight == null) return null;
  const { runId, phaseId, attempt } = facts.inFlight;
  return { runId, phaseId, attempt };
}

function noSession(sessionId: string): UserFacingError {
  return new UserFacingError(
    'not-found',
    `There is no session ${sessionId} of this database here.`,
    'Call the tool without sessionId: it lists the sessions there are.',
  );
}
