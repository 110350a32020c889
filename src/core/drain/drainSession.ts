import type { Choice } from './candidateQueue.ts';
import { DrainLedger } from './drainLedger.ts';
import type { DrainOptions } from './drainOptions.ts';
import type { PhaseStart } from './drainPhase.ts';
import type { DrainedDatabase, DrainPorts, DrainLocation, SessionPlace } from './drainPorts.ts';
import type { DrainListener } from './drainProgress.ts';
import type { DrainResult } from './drainResult.ts';
import type { DrainStop } from './drainSummary.ts';
import type { RestoredSession } from './restoreSession.ts';
import { type SessionState, toHygieneSession, toAutopackSession } from './sessionRecord.ts';

/** A drain's memory: its ledger, written to the session files before and after each phase. */
export class DrainSession {
  readonly place: SessionPlace;
  readonly ledger: DrainLedger;
  readonly #ports: DrainPorts;
  readonly #activeBefore: number;
  #begunAt: number;
  #state: SessionState;

  private constructor(place: SessionPlace, state: SessionState, ports: DrainPorts) {
    this.place = place;
    this.ledger = state.ledger;
    this.#ports = ports;
    this.#state = state;
    this.#activeBefore = state.activeMs;
    this.#begunAt = ports.clock.now();
  }

  /** Reserves the id and writes the first state of the session. */
  static async start(
    options: DrainOptions,
    target: DrainLocation,
    database: DrainedDatabase,
    ports: DrainPorts,
  ): Promise<DrainSession> {
    const startedAt = ports.clock.now();
    const place = await ports.sessions.create(startedAt);
    const { sessionId } = place;
    const ledger = new DrainLedger(options);
    const { name: executor, environment } = ports.executor;
    const nothing = { activeMs: 0, inFlight: null, unresolved: null, end: null };
    const state = {
      sessionId,
      startedAt,
      options,
      target,
      database,
      executor,
      environment,
      ledger,
      ...nothing,
    };
    const session = new DrainSession(place, state, ports);
    await session.#save({});
    return session;
  }

  /** Goes on with a session; nothing is written before the next phase, so that a phase in flight stays known. */
  static resume(
    place: SessionPlace,
    restored: RestoredSession,
    options: DrainOptions,
    target: DrainLocation,
    database: DrainedDatabase,
    ports: DrainPorts,
  ): DrainSession {
    const { startedAt, activeMs, results, inFlight: unresolved } = restored;
    const ledger = new DrainLedger(options, results);
    const state = { sessionId: place.sessionId, startedAt, activeMs, options, target, database, ledger };
    const { name: executor, environment } = ports.executor;
    const rest = { executor, environment, unresolved, inFlight: null, end: null };
    return new DrainSession(place, { ...state, ...rest }, ports);
  }

  get databaseId(): string {
    return this.#state.database.id;
  }

  get startedAt(): number {
    return this.#state.startedAt;
  }

  /** How long this drain was at work, in ms, over all its parts. */
  get activeMs(): number {
    return this.#activeBefore + this.#ports.clock.now() - this.#begunAt;
  }

  /** Takes in the serial of a change that was made for this drain, to be saved with the next phase. */
  changed(lastSerial: number): void {
    this.#state = { ...this.#state, database: { ...this.#state.database, lastSerial } };
  }

  /** Leaves a pause out of the time at work. */
  rested(ms: number): void {
    this.#begunAt += ms;
  }

  /** Notes the phase about to be executed, so that a killed drain can be understood. */
  begin({ candidate, attempt }: Choice, start: PhaseStart): Promise<void> {
    return this.#save({ inFlight: { candidate, attempt, start } });
  }

  /** Takes in the results of an execution at once, and tells of them and of what they say about their runs. */
  async record(results: readonly DrainResult[], notify: DrainListener): Promise<void> {
    const judged = results.map((result) => ({ result, verdict: this.ledger.record(result) }));
    await this.#save({ inFlight: null, unresolved: null });
    for (const { result, verdict } of judged) {
      notify({ kind: 'phase-finished', result });
      if (verdict !== null) notify({ kind: 'run-judged', runId: result.runId, ...verdict });
    }
  }

  end(stop: DrainStop): Promise<void> {
    return this.#save({ inFlight: null, end: { stop, at: this.#ports.clock.now() } });
  }

  #save(change: Partial<SessionState>): Promise<void> {
    this.#state = { ...this.#state, ...change, activeMs: this.activeMs };
    return this.#ports.sessions.save(toAutopackSession(this.#state), toHygieneSession(this.#state));
  }
}
