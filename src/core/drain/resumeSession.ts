import { CancelledError, UserFacingError } from '../errors.ts';
import type { WriteExpectation } from '../guard/databaseMark.ts';
import { counted } from '../text/quantities.ts';
import { type DrainBacklog, keyOf } from './candidate.ts';
import type { DrainOrder } from './drainOrder.ts';
import { type DrainOptions, resolveDrainOptions, scopeOf } from './drainOptions.ts';
import type { DrainPorts, DrainTarget } from './drainPorts.ts';
import type { DrainListener } from './drainProgress.ts';
import type { DrainResult } from './drainResult.ts';
import { DrainSession } from './drainSession.ts';
import { finishInterrupted } from './finishInterrupted.ts';
import { mendLeftovers } from './mendLeftovers.ts';
import { refuseEmpty } from './refuseUndrainable.ts';
import { restoreSession } from './restoreSession.ts';

/** A session to go on with. */
export interface ResumedSession {
  readonly session: DrainSession;
  readonly options: DrainOptions;
  readonly backlog: DrainBacklog;
  /** It had stopped at a streak of failures. */
  readonly isTrial: boolean;
  /** Finds out what the phase in flight came to, and records it; tells whether the database may have changed since. */
  settleInterrupted(tell: DrainListener, signal: AbortSignal): Promise<boolean>;
}

/**
 * Reads a session and all that is needed to go on with it. Throws `not-found`, `unreadable`, `other-database`, and
 * `invalid-argument` for a session that did all it was asked to, unless the request asks for more.
 */
export async function resumeSession(
  sessionId: string,
  {
    request,
    target,
    database,
  }: Pick<DrainOrder, 'request' | 'target'> & { readonly database: WriteExpectation },
  ports: DrainPorts,
  signal: AbortSignal,
): Promise<ResumedSession> {
  const stored = await ports.sessions.load(sessionId);
  const restored = restoreSession(stored, { path: target.databasePath, id: database.id }, ports.clock.now());
  if (stored.facts?.database == null) await refuseOtherContent(restored.results, target, ports, signal);
  const asked = Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
  if (restored.isComplete && Object.keys(asked).length === 0) {
    throw new UserFacingError(
      'invalid-argument',
      `The session ${sessionId} is complete: it did all it was asked to.`,
      'Start a new drain, or resume it with a larger limit.',
    );
  }
  const options = resolveDrainOptions({ ...restored.options, ...asked });
  const backlog = await ports.store.backlog(scopeOf(options), signal);
  refuseEmpty(backlog, options);
  const results = await mendLeftovers(restored.results, target, ports, signal);
  const place = { sessionId, sessionPath: stored.sessionPath };
  const session = DrainSession.resume(place, { ...restored, results }, options, target, database, ports);
  return {
    session,
    options,
    backlog,
    isTrial: ['zero-yield-streak', 'same-failure', 'environment'].includes(restored.stopKind ?? ''),
    async settleInterrupted(tell, onSignal) {
      const isMended = results !== restored.results;
      if (restored.inFlight === null) return isMended;
      const drain = { sessionId, options, target, ports };
      const found = await finishInterrupted(drain, restored.inFlight, tell, onSignal);
      await session.record(found, tell);
      if (found.at(-1)?.outcome === 'cancelled') throw new CancelledError('The drain');
      return true;
    },
  };
}

/**
 * A session that does not say which database it drained is known by its phases. Throws `other-database` where one of them
 * is not there, or none of those that it completed is COMPLETE.
 */
async function refuseOtherContent(
  results: readonly DrainResult[],
  { databasePath }: DrainTarget,
  { store }: DrainPorts,
  signal: AbortSignal,
): Promise<void> {
  const last = [...new Map(results.map((result) => [keyOf(result), result])).values()];
  if (last.length === 0) return;
  const { refused } = await store.backlog({ kind: 'phases', keys: last }, signal);
  const states = new Map(refused.map((each) => [keyOf(each), each.state]));
  const missing = last.find((each) => states.get(keyOf(each)) === null);
  const completed = last.filter(({ success }) => success);
  const isUndone = completed.length > 0 && completed.every((each) => states.get(keyOf(each)) !== 'COMPLETE');
  if (missing === undefined && !isUndone) return;
  const why =
    missing === undefined
      ? `none of the ${counted(completed.length, 'phase')} that it completed is COMPLETE there`
      : `${missing.phaseId} of ${missing.runId}, which it drained, is not there`;
  throw new UserFacingError(
    'other-database',
    `The session drained another database than ${databasePath}: ${why}.`,
    'Name the database of the session, or start a new drain.',
  );
}
