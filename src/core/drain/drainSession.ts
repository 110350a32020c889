import type { Choice } from './candidateQueue.ts';
import { DrainLedger } from './drainLedger.ts';
import type { DrainOptions } from './drainOptions.ts';
import type { DrainPorts, DrainTarget, SessionPlace } from './drainPorts.ts';
import type { DrainResult } from './drainResult.ts';
import type { DrainStop } from './drainSummary.ts';
import type { SampleVerdict } from './sampleTriage.ts';
import { type SessionState, toHygieneSession, toReferenceSession } from './sessionRecord.ts';

/** A drain's memory: its ledger, written to the session files before and after each phase. */
export class DrainSession {
  readonly place: SessionPlace;
  readonly ledger: DrainLedger;
  readonly #ports: DrainPorts;
  #state: SessionState;

  private constructor(place: SessionPlace, state: SessionState, ports: DrainPorts) {
    this.place = place;
    this.ledger = state.ledger;
    this.#ports = ports;
    this.#state = state;
  }

  /** Reserves the id and writes the first state of the session. */
  static async start(options: DrainOptions, target: DrainTarget, ports: DrainPorts): Promise<DrainSession> {
    const startedAt = ports.clock.now();
    const place = await ports.sessions.create(startedAt);
    const ledger = new DrainLedger(options);
    const state = {
      sessionId: place.sessionId,
      startedAt,
      options,
      target,
      executor: ports.executor.name,
      ledger,
    };
    const session = new DrainSession(place, { ...state, inFlight: null, end: null }, ports);
    await session.#save({});
    return session;
  }

  get startedAt(): number {
    return this.#state.startedAt;
  }

  /** Notes the phase about to be executed, so that a killed drain can be understood. */
  begin({ candidate, attempt }: Choice, startedAt: number): Promise<void> {
    return this.#save({ inFlight: { candidate, attempt, startedAt } });
  }

  /** Takes in a result; the verdict is on its run, if this was the run's sample. */
  async record(result: DrainResult): Promise<SampleVerdict | null> {
    const verdict = this.ledger.record(result);
    await this.#save({ inFlight: null });
    return verdict;
  }

  end(stop: DrainStop): Promise<void> {
    return this.#save({ inFlight: null, end: { stop, at: this.#ports.clock.now() } });
  }

  #save(change: Partial<SessionState>): Promise<void> {
    this.#state = { ...this.#state, ...change };
    return this.#ports.sessions.save(toReferenceSession(this.#state), toHygieneSession(this.#state));
  }
}
