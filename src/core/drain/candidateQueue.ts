import type { PhaseKey } from '../model/phase.ts';
import { type Candidate, keyOf } from './candidate.ts';
import type { DrainLedger } from './drainLedger.ts';
import type { DrainOptions } from './drainOptions.ts';
import type { SkipGroup } from './drainSummary.ts';
import { failureClasses } from './failureClass.ts';
import type { Skip } from './skip.ts';
import { phaseSkip, runSkip } from './skipRules.ts';

/** The phase to take next, and why. */
export interface Choice {
  readonly candidate: Candidate;
  /** 1 for the first attempt of this drain. */
  readonly attempt: number;
  readonly reason: string;
}

/**
 * The candidates of a drain in the order of sample-first triage: one phase of each unsampled run, then promising runs;
 * within a group by attempts made, failure class, phase index and row.
 * A choice costs as much as there are sampled runs, however long the backlog is.
 */
export class CandidateQueue {
  readonly #options: DrainOptions;
  readonly #runs = new Map<string, Candidate[]>();
  /** Runs in the order of their best candidate; those before the cursor are sampled or empty for good. */
  readonly #unsampled: readonly string[];
  #cursor = 0;
  readonly #sampled = new Set<string>();
  readonly #dropped: { readonly key: PhaseKey; readonly skip: Skip }[] = [];

  constructor(candidates: readonly Candidate[], options: DrainOptions) {
    this.#options = options;
    const ordered = [...candidates].sort(byWorth);
    for (const candidate of ordered) {
      const run = this.#runs.get(candidate.runId);
      if (run === undefined) this.#runs.set(candidate.runId, [candidate]);
      else run.push(candidate);
    }
    this.#unsampled = [...this.#runs.keys()];
  }

  /** How many candidates are left. */
  get size(): number {
    return [...this.#runs.values()].reduce((sum, candidates) => sum + candidates.length, 0);
  }

  /** The phase to take next, or `null` when the rules allow none. It stays in the queue until it is {@link settle}d. */
  next(ledger: DrainLedger): Choice | null {
    return this.#nextSample(ledger) ?? this.#nextOfPromising(ledger);
  }

  /** After an attempt: a phase that is still drainable waits for another, as the last of its run; any other leaves. */
  settle(key: PhaseKey, again: Candidate | null): void {
    this.#sampled.add(key.runId);
    const rest = this.#without(key);
    if (again !== null) rest.push(again);
    this.#runs.set(key.runId, rest);
  }

  /** Takes a phase out that somebody else changed in the meantime. */
  drop(key: PhaseKey, skip: Skip): void {
    this.#runs.set(key.runId, this.#without(key));
    this.#dropped.push({ key, skip });
  }

  /** Every candidate that is left, by the reason for which it was not taken; `ended` is why the drain took no more. */
  explain(ledger: DrainLedger, ended: Skip): SkipGroup[] {
    const groups = new Map<string, { skip: Skip; phases: PhaseKey[] }>();
    const add = (key: PhaseKey, skip: Skip): void => {
      const group = groups.get(skip.reason) ?? { skip, phases: [] };
      group.phases.push({ runId: key.runId, phaseId: key.phaseId });
      groups.set(skip.reason, group);
    };
    for (const { key, skip } of this.#dropped) add(key, skip);
    for (const [runId, candidates] of this.#runs) {
      const ofRun = runSkip(runId, ledger, this.#options);
      for (const each of candidates) add(each, ofRun ?? phaseSkip(each, ledger, this.#options) ?? ended);
    }
    return [...groups.values()].map(({ skip, phases }) => ({ ...skip, phases }));
  }

  #nextSample(ledger: DrainLedger): Choice | null {
    for (; this.#cursor < this.#unsampled.length; this.#cursor += 1) {
      const runId = this.#unsampled[this.#cursor] ?? '';
      if (this.#sampled.has(runId) || runSkip(runId, ledger, this.#options) !== null) continue;
      const candidate = this.#runs.get(runId)?.[0];
      if (candidate === undefined) continue;
      return { candidate, attempt: 1, reason: 'the first phase of its run, as a sample' };
    }
    return null;
  }

  #nextOfPromising(ledger: DrainLedger): Choice | null {
    let best: { candidate: Candidate; attempts: number } | null = null;
    for (const runId of this.#sampled) {
      if (runSkip(runId, ledger, this.#options) !== null) continue;
      const candidate = this.#runs
        .get(runId)
        ?.find((each) => phaseSkip(each, ledger, this.#options) === null);
      if (candidate === undefined) continue;
      const attempts = ledger.attemptsOf(candidate);
      const isBetter =
        best === null ||
        attempts < best.attempts ||
        (attempts === best.attempts && byWorth(candidate, best.candidate) < 0);
      if (isBetter) best = { candidate, attempts };
    }
    if (best === null) return null;
    const { candidate, attempts } = best;
    const why = ledger.verdictOn(candidate.runId)?.reason ?? 'nothing speaks against it yet';
    const again = attempts === 0 ? '' : `attempt ${attempts + 1}; `;
    return { candidate, attempt: attempts + 1, reason: `${again}its run is promising: ${why}` };
  }

  #without(key: PhaseKey): Candidate[] {
    const gone = keyOf(key);
    return (this.#runs.get(key.runId) ?? []).filter((each) => keyOf(each) !== gone);
  }
}

function byWorth(a: Candidate, b: Candidate): number {
  return (
    failureClasses.indexOf(a.failureClass) - failureClasses.indexOf(b.failureClass) ||
    a.phaseIndex - b.phaseIndex ||
    a.rowId - b.rowId
  );
}
