import type { PhaseKey } from '../model/phase.ts';
import type { DrainOptions } from './drainOptions.ts';
import { type DrainResult, tokensUsed } from './drainResult.ts';
import { causeBeyondPhase } from './environmentFailure.ts';
import { addYields, eventsOf, noYield, type PhaseYield } from './phaseObservation.ts';
import { judgeSample, type SampleVerdict } from './sampleTriage.ts';
import { retryPauseMs, transientEvidence } from './transientFailure.ts';

/** A phase to be tried again, because what it failed of may have passed. */
export interface Retry {
  readonly key: PhaseKey;
  readonly evidence: string;
  readonly pauseMs: number;
}

/** Runs that ended with one failure, one after the other, without telemetry. */
export interface SameFailure {
  readonly fingerprint: string;
  readonly runs: ReadonlySet<string>;
}

/** Runs that failed for a cause outside their phases, one after the other. */
export interface EnvironmentStreak {
  /** The last error. */
  readonly evidence: string;
  readonly runs: ReadonlySet<string>;
}

/** The limits a ledger applies itself. */
export type LedgerLimits = Pick<
  DrainOptions,
  'maxFingerprintRepeats' | 'maxAttemptsPerPhase' | 'maxTransientRetries' | 'retryDelaySeconds'
>;

/**
 * All a drain knows from its results: counts, streaks, triage. It is a fold over the results and nothing else,
 * so a ledger rebuilt from a session's results is the ledger the session had.
 */
export class DrainLedger {
  readonly #limits: LedgerLimits;
  readonly #results: DrainResult[] = [];
  /** By run, then phase: looked up while long backlogs are sorted. */
  readonly #attempts = new Map<string, Map<string, number>>();
  readonly #timeouts = new Map<string, number>();
  readonly #fingerprints = new Map<string, number>();
  readonly #lastFingerprint = new Map<string, string | null>();
  readonly #verdicts = new Map<string, SampleVerdict>();
  #yield: PhaseYield = noYield;
  #tokens = 0;
  #zeroYieldStreak = 0;
  #transientStreak = 0;
  #retry: Retry | null = null;
  #sameFailure: SameFailure | null = null;
  #environment: EnvironmentStreak | null = null;

  /** `results` are those of the session so far, in their order. */
  constructor(limits: LedgerLimits, results: readonly DrainResult[] = []) {
    this.#limits = limits;
    for (const result of results) this.record(result);
  }

  /**
   * Takes in a result; answers with the verdict on its run if this was the run's sample. An execution that was cut
   * short or never began is counted, but says nothing about its run; neither does one that is to be tried again.
   */
  record(result: DrainResult): SampleVerdict | null {
    this.#results.push(result);
    this.#retry = null;
    this.#yield = addYields(this.#yield, result.yield);
    this.#tokens += tokensUsed(result);
    if (result.outcome === 'failed-to-start') return null;
    const beyond = causeBeyondPhase(result);
    // The phase has had no chance: it was put back, and may be tried as often as before.
    if (beyond?.treatment === 'stop') return null;
    const asked = { runId: result.runId, phaseId: result.askedFor ?? result.phaseId };
    this.#countAttempt(result);
    // Asking in vain counts too, or an executor that always runs another phase would be asked for ever.
    if (result.askedFor !== null) this.#countAttempt(asked);
    if (result.outcome === 'cancelled' || result.outcome === 'interrupted') return null;
    const runs = beyond === null ? [] : [...(this.#environment?.runs ?? []), result.runId];
    this.#environment =
      beyond === null ? null : { evidence: result.error ?? beyond.evidence, runs: new Set(runs) };
    this.#retry = this.#retryOf(result, asked);
    return this.#retry === null ? this.#judge(result) : null;
  }

  #countAttempt({ runId, phaseId }: PhaseKey): void {
    const ofRun = this.#attempts.get(runId) ?? new Map<string, number>();
    increment(ofRun, phaseId);
    this.#attempts.set(runId, ofRun);
  }

  #retryOf(result: DrainResult, key: PhaseKey): Retry | null {
    const evidence = transientEvidence(result);
    if (evidence === null) {
      this.#transientStreak = 0;
      return null;
    }
    const { maxTransientRetries, maxAttemptsPerPhase, retryDelaySeconds } = this.#limits;
    const isWorthIt =
      this.#transientStreak < maxTransientRetries && this.attemptsOf(key) < maxAttemptsPerPhase;
    if (!isWorthIt) return null;
    this.#transientStreak += 1;
    return { key, evidence, pauseMs: retryPauseMs(retryDelaySeconds, this.#transientStreak) };
  }

  #judge(result: DrainResult): SampleVerdict | null {
    const gaveNothing = eventsOf(result.yield) === 0;
    if (result.outcome === 'timed-out') increment(this.#timeouts, result.runId);
    this.#zeroYieldStreak = gaveNothing ? this.#zeroYieldStreak + 1 : 0;
    const verdict = this.#verdicts.has(result.runId)
      ? null
      : judgeSample(result, (each) => this.#fingerprints.has(each));
    if (verdict !== null) this.#verdicts.set(result.runId, verdict);
    const { fingerprint, runId } = result;
    if (fingerprint !== null) increment(this.#fingerprints, fingerprint);
    this.#lastFingerprint.set(runId, fingerprint);
    const before = this.#sameFailure?.fingerprint === fingerprint ? this.#sameFailure.runs : [];
    this.#sameFailure =
      fingerprint !== null && gaveNothing ? { fingerprint, runs: new Set([...before, runId]) } : null;
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

  /** Tokens that were used for sure, under whatever name. */
  get tokens(): number {
    return this.#tokens;
  }

  /** How many results in a row, up to the last, gave no telemetry. */
  get zeroYieldStreak(): number {
    return this.#zeroYieldStreak;
  }

  /** The phase to be tried again next; `null` as a rule. */
  get retry(): Retry | null {
    return this.#retry;
  }

  /** The failure with which the last results ended; `null` when the last one was none, or gave telemetry. */
  get sameFailure(): SameFailure | null {
    return this.#sameFailure;
  }

  /** The streak of failures for causes outside the phases; `null` when the last result was none. */
  get environment(): EnvironmentStreak | null {
    return this.#environment;
  }

  attemptsOf({ runId, phaseId }: PhaseKey): number {
    return this.#attempts.get(runId)?.get(phaseId) ?? 0;
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
    return (this.#fingerprints.get(fingerprint) ?? 0) >= this.#limits.maxFingerprintRepeats;
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
