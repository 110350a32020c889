import { CancelledError, UserFacingError } from '../errors.ts';
import type { DrainBacklog } from './candidate.ts';
import type { DrainOrder } from './drainOrder.ts';
import { type DrainOptions, resolveDrainOptions, scopeOf } from './drainOptions.ts';
import type { DrainPorts } from './drainPorts.ts';
import type { DrainListener } from './drainProgress.ts';
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
  { request, target }: Pick<DrainOrder, 'request' | 'target'>,
  ports: DrainPorts,
  signal: AbortSignal,
): Promise<ResumedSession> {
  const stored = await ports.sessions.load(sessionId);
  const restored = restoreSession(stored, target.databasePath, ports.clock.now());
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
  const session = DrainSession.resume(place, { ...restored, results }, options, target, ports);
  return {
    session,
    options,
    backlog,
    isTrial: restored.stopKind === 'zero-yield-streak' || restored.stopKind === 'same-failure',
    async settleInterrupted(tell, onSignal) {
      const isMended = results !== restored.results;
      if (restored.inFlight === null) return isMended;
      const drain = { sessionId, options, target, ports };
      const result = await finishInterrupted(drain, restored.inFlight, tell, onSignal);
      const verdict = await session.record(result);
      tell({ kind: 'phase-finished', result });
      if (verdict !== null) tell({ kind: 'run-judged', runId: result.runId, ...verdict });
      if (result.outcome === 'cancelled') throw new CancelledError('The drain');
      return true;
    },
  };
}
