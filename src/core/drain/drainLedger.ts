import type { PhaseKey } from '../model/phase.ts';
import { keyOf } from './candidate.ts';
import type { DrainOptions } from './drainOptions.ts';
import type { DrainResult } from './drainResult.ts';
import { addYields, eventsOf, noYield, type PhaseYield } from './phaseObservation.ts';
import { judgeSample, type SampleVerdict } from './sampleTriage.ts';

/**
 * All a drain knows from its results: counts, streaks, triage. It is a fold over the results and nothing else,
 * so a ledger rebuilt from a session's results is the ledger the session had.
 */
export class DrainLedger {
  readonly #maxFingerprintRepeats: number;
  readonly #results: DrainResult[] = [];
  readonly #attempts = new Map<string, number>();
  readonly #timeouts = new Map<string, number>();
  readonly #fingerprints = new Map<string, number>();
  readonly #lastFingerprint = new Map<string, string | null>();
  readonly #verdicts = new Map<string, SampleVerdict>();
  #yield: PhaseYield = noYield;
  #zeroYieldStreak = 0;

  constructor(options: Pick<DrainOptions, 'maxFingerprintRepeats'>) {
    this.#maxFingerprintRepeats = options.maxFingerprintRepeats;
  }

  /**
   * Takes in a result; answers with the verdict on its run if this was the run's sample.
   * A cancelled or never started execution is counted, but says nothing about its run.
   */
  record(result: DrainResult): SampleVerdict | null {
    this.#results.push(result);
    increment(this.#attempts, keyOf(result));
    // Asking in vain counts too, or an executor that always runs another phase would be asked for ever.
    if (result.askedFor !== null) {
      increment(this.#attempts, keyOf({ runId: result.runId, phaseId: result.askedFor }));
    }
    this.#yield = addYields(this.#yield, result.yield);
    if (result.outcome === 'cancelled' || result.outcome === 'failed-to-start') return null;
    if (result.outcome === 'timed-out') increment(this.#timeouts, result.runId);
    this.#zeroYieldStreak = eventsOf(result.yield) > 0 ? 0 : this.#zeroYieldStreak + 1;
    const verdict = this.#verdicts.has(result.runId)
      ? null
      : judgeSample(result, (each) => this.#fingerprints.has(each));
    if (verdict !== null) this.#verdicts.set(result.runId, verdict);
    if (result.fingerprint !== null) increment(this.#fingerprints, result.fingerprint);
    this.#lastFingerprint.set(result.runId, result.fingerprint);
    return verdict;
  }

  get results(): readonly DrainResult[] {
    return this.#results;
  }

  get fingerprintCounts(): ReadonlyMap<string, number> {
    return this.#fingerprints;
  }

  get yield(): PhaseYield {
    return this.#yield;
  }

  /** How many results in a row, up to the last, gave no telemetry. */
  get zeroYieldStreak(): number {
    return this.#zeroYieldStreak;
  }

  attemptsOf(key: PhaseKey): number {
    return this.#attempts.get(keyOf(key)) ?? 0;
  }

  timeoutsOf(runId: string): number {
    return this.#timeouts.get(runId) ?? 0;
  }

  /** `null` while the run is unsampled. */
  verdictOn(runId: string): SampleVerdict | null {
    return this.#verdicts.get(runId) ?? null;
  }

  /** Judged runs, in the order in which they were sampled. */
  get verdicts(): ReadonlyMap<string, SampleVerdict> {
    return this.#verdicts;
  }

  isStopped(fingerprint: string): boolean {
    return (this.#fingerprints.get(fingerprint) ?? 0) >= this.#maxFingerprintRepeats;
  }

  /** The stopped fingerprint with which a run last ended: a dead end until that is repaired. `null` if there is none. */
  deadEndOf(runId: string): string | null {
    const last = this.#lastFingerprint.get(runId) ?? null;
    return last !== null && this.isStopped(last) ? last : null;
  }

  get stoppedRuns(): string[] {
    return [...this.#lastFingerprint.keys()].filter((runId) => this.deadEndOf(runId) !== null);
  }
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
