import type { PhaseKey } from '../model/phase.ts';
import { BestFirst } from './bestFirst.ts';
import { type Candidate, drainableStates, keyOf } from './candidate.ts';
import type { DrainLedger } from './drainLedger.ts';
import type { DrainOptions } from './drainOptions.ts';
import type { SkipGroup } from './drainSummary.ts';
import { classifyFailureReason, failureClasses } from './failureClass.ts';
import { groupSkips } from './groupSkips.ts';
import type { PhaseGlimpse } from './phaseObservation.ts';
import type { Skip } from './skip.ts';
import { phaseSkip, runSkip } from './skipRules.ts';

/** The phase to take next, and why. */
export interface Choice {
  readonly candidate: Candidate;
  /** 1 for the first attempt of this drain. */
  readonly attempt: number;
  readonly kind: 'retry' | 'sample' | 'promising';
  readonly reason: string;
  /** How long to wait before it, in ms. */
  readonly pauseMs: number;
}

/**
 * The candidates of a drain in the order of sample-first triage: one phase of each unsampled run, then promising runs;
 * within a group by attempts made, failure class, phase index and row. The order follows from the candidates and the
 * ledger alone, so that a resumed drain goes on where it was.
 * A choice costs the same however long the backlog is. Whoever changes the ledger settles or drops a phase of that run.
 */
export class CandidateQueue {
  readonly #options: DrainOptions;
  readonly #ledger: DrainLedger;
  readonly #runs = new Map<string, readonly Candidate[]>();
  /** Runs in the order of their best candidate; those before the cursor are sampled, skipped or empty for good. */
  readonly #order: readonly string[];
  #cursor = 0;
  /** The best of each sampled run; what is not true any more is left out when it comes first. */
  readonly #sampled: BestFirst<Offer>;
  readonly #dropped: { readonly key: PhaseKey; readonly skip: Skip }[] = [];

  constructor(candidates: readonly Candidate[], options: DrainOptions, ledger: DrainLedger) {
    this.#options = options;
    this.#ledger = ledger;
    const runs = new Map<string, Candidate[]>();
    for (const candidate of [...candidates].sort(this.#byWorth)) {
      const run = runs.get(candidate.runId);
      if (run === undefined) runs.set(candidate.runId, [candidate]);
      else run.push(candidate);
    }
    this.#runs = runs;
    this.#order = [...runs.keys()];
    this.#sampled = new BestFirst((a, b) => a.attempts - b.attempts || byOrder(a.candidate, b.candidate));
    for (const runId of ledger.verdicts.keys()) this.#offer(runId);
  }

  /** How many candidates are left. */
  get size(): number {
    return [...this.#runs.values()].reduce((sum, candidates) => sum + candidates.length, 0);
  }

  /** The phase to take next, or `null` when the rules allow none. It stays in the queue until it is {@link settle}d. */
  next(): Choice | null {
    return this.#nextRetry() ?? this.#nextSample() ?? this.#nextOfPromising();
  }

  /** After an attempt was recorded: what the phases of its run are now. Those that cannot be drained any more leave. */
  settle(runId: string, phases: readonly PhaseGlimpse[]): void {
    const now = new Map(phases.map((phase) => [phase.phaseId, phase]));
    const left: Candidate[] = [];
    for (const candidate of this.#runs.get(runId) ?? []) {
      const phase = now.get(candidate.phaseId);
      if (phase !== undefined && drainableStates.includes(phase.state)) {
        const failureClass = classifyFailureReason(phase.failureReason);
        left.push({ ...candidate, state: phase.state, failureClass });
      } else if (this.#ledger.attemptsOf(candidate) === 0) {
        this.#dropped.push({ key: candidate, skip: changedSkip(phase ?? null) });
      }
    }
    this.#runs.set(runId, left.sort(this.#byWorth));
    this.#offer(runId);
  }

  /** Takes a phase out, with the reason; `null` where none is to be told. */
  drop(key: PhaseKey, skip: Skip | null): void {
    const gone = keyOf(key);
    const rest = (this.#runs.get(key.runId) ?? []).filter((each) => keyOf(each) !== gone);
    this.#runs.set(key.runId, rest);
    this.#offer(key.runId);
    if (skip !== null) this.#dropped.push({ key, skip });
  }

  /** Every candidate that is left, by the reason for which it was not taken; `ended` is why the drain took no more. */
  explain(ended: Skip): SkipGroup[] {
    const skips = [...this.#dropped];
    for (const [runId, candidates] of this.#runs) {
      const ofRun = runSkip(runId, this.#ledger, this.#options);
      for (const key of candidates) {
        skips.push({ key, skip: ofRun ?? phaseSkip(key, this.#ledger, this.#options) ?? ended });
      }
    }
    return groupSkips(skips);
  }

  #nextRetry(): Choice | null {
    const { retry } = this.#ledger;
    if (retry === null || runSkip(retry.key.runId, this.#ledger, this.#options) !== null) return null;
    const key = keyOf(retry.key);
    const candidate = this.#runs.get(retry.key.runId)?.find((each) => keyOf(each) === key);
    if (candidate === undefined || !this.#mayTake(candidate)) return null;
    const pause = `${Math.round(retry.pauseMs / 1000)} s`;
    return {
      ...this.#choice(
        candidate,
        'retry',
        `what it failed of may have passed after ${pause}: ${retry.evidence}`,
      ),
      pauseMs: retry.pauseMs,
    };
  }

  #nextSample(): Choice | null {
    for (; this.#cursor < this.#order.length; this.#cursor += 1) {
      const runId = this.#order[this.#cursor] ?? '';
      const isSampled = this.#ledger.verdictOn(runId) !== null;
      const candidate = isSampled ? undefined : this.#bestOf(runId);
      if (candidate === undefined) continue;
      return this.#choice(candidate, 'sample', 'the first phase of its run, as a sample');
    }
    return null;
  }

  #nextOfPromising(): Choice | null {
    for (let best = this.#sampled.first; best !== undefined; best = this.#sampled.first) {
      const { candidate, attempts } = best;
      if (this.#bestOf(candidate.runId) === candidate && this.#ledger.attemptsOf(candidate) === attempts) {
        const why = this.#ledger.verdictOn(candidate.runId)?.reason ?? '';
        return this.#choice(candidate, 'promising', `its run is promising: ${why}`);
      }
      this.#sampled.takeFirst();
    }
    return null;
  }

  /** Lets the best of a run take part; what keeps a run from being taken is for good, until it is settled again. */
  #offer(runId: string): void {
    const best = this.#ledger.verdictOn(runId) === null ? undefined : this.#bestOf(runId);
    if (best !== undefined) this.#sampled.put({ candidate: best, attempts: this.#ledger.attemptsOf(best) });
  }

  #bestOf(runId: string): Candidate | undefined {
    if (runSkip(runId, this.#ledger, this.#options) !== null) return undefined;
    return this.#runs.get(runId)?.find((each) => this.#mayTake(each));
  }

  #choice(candidate: Candidate, kind: Choice['kind'], reason: string): Choice {
    const attempts = this.#ledger.attemptsOf(candidate);
    const again = attempts === 0 ? '' : `attempt ${attempts + 1}; `;
    return { candidate, attempt: attempts + 1, kind, reason: `${again}${reason}`, pauseMs: 0 };
  }

  #mayTake(candidate: Candidate): boolean {
    return phaseSkip(candidate, this.#ledger, this.#options) === null;
  }

  readonly #byWorth = (a: Candidate, b: Candidate): number =>
    this.#ledger.attemptsOf(a) - this.#ledger.attemptsOf(b) || byOrder(a, b);
}

/** The best candidate of a run, as it was when it was put forward. */
interface Offer {
  readonly candidate: Candidate;
  readonly attempts: number;
}

function byOrder(a: Candidate, b: Candidate): number {
  return (
    failureClasses.indexOf(a.failureClass) - failureClasses.indexOf(b.failureClass) ||
    a.phaseIndex - b.phaseIndex ||
    a.rowId - b.rowId
  );
}

/** Why a phase cannot be drained that could before; `null` stands for a phase that is gone. */
export function changedSkip(phase: PhaseGlimpse | null): Skip {
  const reason =
    phase === null ? 'It is no longer in the database.' : `It became ${phase.state} in the meantime.`;
  return { code: 'phase-changed', reason };
}
