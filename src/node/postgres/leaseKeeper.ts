import type { LeaseProof, PhaseKey } from '../../core/model/phase.ts';
import type { PhaseLease } from '../../core/drain/sharedDrain.ts';

/** Says that this worker lives, and renews these leases; returns which fences it still has. */
type Renew = (fences: readonly string[]) => Promise<readonly string[]>;

interface HeldLease extends PhaseLease {
  readonly lose: AbortController;
}

/**
 * Renews the leases of this process each third of their time. One that another has taken over is lost, and so are all where
 * this process itself stood still for the time of a lease: what it does for them must end. While the server cannot be
 * reached nothing is lost yet, for nobody else can take anything over either.
 */
export class LeaseKeeper {
  readonly #leaseMs: number;
  readonly #renew: Renew;
  readonly #held = new Map<string, HeldLease>();
  readonly #timer: NodeJS.Timeout;
  #lastBeat = performance.now();
  #renewing: Promise<void> | null = null;

  constructor(leaseMs: number, renew: Renew) {
    this.#leaseMs = leaseMs;
    this.#renew = renew;
    this.#timer = setInterval(() => void this.renew().catch(() => undefined), leaseMs / 3);
    // It keeps no process alive.
    this.#timer.unref();
  }

  get held(): readonly PhaseLease[] {
    return [...this.#held.values()];
  }

  of(key: PhaseKey): PhaseLease | null {
    return this.held.find(({ runId, phaseId }) => runId === key.runId && phaseId === key.phaseId) ?? null;
  }

  add(proof: LeaseProof): PhaseLease {
    const lose = new AbortController();
    const lease = { ...proof, lose, lost: lose.signal };
    this.#held.set(proof.fence, lease);
    return lease;
  }

  remove({ fence }: LeaseProof): void {
    this.#held.delete(fence);
  }

  /**
   * Renews at once, which is to be done before something is settled after a long time. Rejects where the server cannot be
   * asked.
   */
  renew(): Promise<void> {
    this.#noteStandstill();
    this.#renewing ??= this.#ask().finally(() => (this.#renewing = null));
    return this.#renewing;
  }

  end(): void {
    clearInterval(this.#timer);
    this.#held.clear();
  }

  async #ask(): Promise<void> {
    const asked = [...this.#held.keys()];
    const kept = new Set(await this.#renew(asked));
    for (const fence of asked) if (!kept.has(fence)) this.#lose(fence);
  }

  /** Between two beats the process was stopped, or its machine asleep: meanwhile others may have done anything. */
  #noteStandstill(): void {
    const now = performance.now();
    if (now - this.#lastBeat > this.#leaseMs) for (const fence of [...this.#held.keys()]) this.#lose(fence);
    this.#lastBeat = now;
  }

  #lose(fence: string): void {
    const lease = this.#held.get(fence);
    this.#held.delete(fence);
    lease?.lose.abort();
  }
}
