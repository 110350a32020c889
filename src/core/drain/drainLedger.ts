import { addSpend, noSpend, type ModelSpend } from '../model/modelCall.ts';
import type { PhaseKey } from '../model/phase.ts';
import { addYields, eventsOf, noYield, type PhaseYield } from '../model/phaseObservation.ts';
import { t } from '../text/l10n.ts';
import type { DrainOptions } from './drainOptions.ts';
import { tokensUsed, type DrainResult } from './drainResult.ts';
import { causeBeyondPhase, hadNoChance, retryPauseMs, transientEvidence } from './failureTreatment.ts';

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

/** Executions that failed for a cause outside their phases, one after the other. */
export interface EnvironmentStreak {
  /** The last error. */
  readonly evidence: string;
  readonly count: number;
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
  readonly #executions = new PhaseCounts();
  readonly #attempts = new PhaseCounts();
  readonly #timeouts = new Map<string, number>();
  readonly #fingerprints = new Map<string, number>();
  readonly #lastFingerprint = new Map<string, string | null>();
  readonly #verdicts = new Map<string, SampleVerdict>();
  #yield: PhaseYield = noYield;
  #tokens = 0;
  #spend: ModelSpend = noSpend;
  #taken = 0;
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
    this.#spend = addSpend(this.#spend, result.spend ?? noSpend);
    const asked = { runId: result.runId, phaseId: result.askedFor ?? result.phaseId };
    // Asking in vain counts too, or an executor that always runs another phase would be asked for ever.
    const keys = result.askedFor === null ? [result] : [result, asked];
    for (const key of keys) this.#executions.add(key);
    const beyond = causeBeyondPhase(result);
    const hadChance = countsForBatch(result);
    if (hadChance) this.#taken += 1;
    // A phase that is under way whenever the drain is killed may well be the reason.
    const isSuspect = result.outcome === 'interrupted' && result.exitCode === null;
    if (hadChance || isSuspect) for (const key of keys) this.#attempts.add(key);
    if (!endedItself(result) || beyond?.treatment === 'stop') return null;
    const { runs = [], count = 0 } = this.#environment ?? {};
    const evidence = result.error ?? beyond?.evidence ?? '';
    this.#environment =
      beyond === null ? null : { evidence, count: count + 1, runs: new Set([...runs, result.runId]) };
    this.#retry = this.#retryOf(result, asked);
    return this.#retry === null ? this.#judge(result) : null;
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
    const { runId } = result;
    const fingerprint = hadNoChance(result) ? null : result.fingerprint;
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

  /** What executions used of models that they called themselves, and its cost. */
  get spend(): ModelSpend {
    return this.#spend;
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

  /** How many results count towards the batch: a phase that was cut short, or had no chance, may be taken again. */
  get taken(): number {
    return this.#taken;
  }

  /** How often a phase had its chance in this drain. */
  attemptsOf(key: PhaseKey): number {
    return this.#attempts.of(key);
  }

  /** How often a phase was executed in this drain, for whatever it came to. */
  executionsOf(key: PhaseKey): number {
    return this.#executions.of(key);
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

/** Whether a result counts towards the batch: its phase had its chance. */
export function countsForBatch(result: DrainResult): boolean {
  return result.success || (endedItself(result) && !hadNoChance(result));
}

/** Whether it came to an end of its own, or to that of its time, and so says something about its phase. */
function endedItself({ outcome }: DrainResult): boolean {
  return outcome === 'exited' || outcome === 'timed-out';
}

/** Counts by run, then phase: looked up while long backlogs are sorted. */
class PhaseCounts {
  readonly #counts = new Map<string, Map<string, number>>();

  add({ runId, phaseId }: PhaseKey): void {
    const ofRun = this.#counts.get(runId) ?? new Map<string, number>();
    increment(ofRun, phaseId);
    this.#counts.set(runId, ofRun);
  }

  of({ runId, phaseId }: PhaseKey): number {
    return this.#counts.get(runId)?.get(phaseId) ?? 0;
  }
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Whether a run is worth more than its sample, and why. */
interface SampleVerdict {
  readonly promising: boolean;
  readonly reason: string;
}

/**
 * Judges a run by its first result (domain: sample-first triage).
 * `isKnown` tells whether a fingerprint was seen before this result.
 */
function judgeSample(result: DrainResult, isKnown: (fingerprint: string) => boolean): SampleVerdict {
  if (result.success) return promising(t`its sample succeeded`);
  const events = eventsOf(result.yield);
  if (events === 1) return promising(t`its sample gave ${events} telemetry event`);
  if (events > 0) return promising(t`its sample gave ${events} telemetry events`);
  if (hadNoChance(result)) return promising(t`its sample failed for a cause that affects every phase`);
  if (result.outcome === 'timed-out') return promising(t`its sample timed out, which more time may cure`);
  if (result.fingerprint === null || !isKnown(result.fingerprint)) {
    return promising(t`its sample failed in a way not seen before`);
  }
  return {
    promising: false,
    reason: t`its sample failed in a way already seen, without telemetry: ${result.fingerprint}`,
  };
}

function promising(reason: string): SampleVerdict {
  return { promising: true, reason };
}
