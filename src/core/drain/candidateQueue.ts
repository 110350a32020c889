import TinyQueue from 'tinyqueue';
import { byRunOrder, type PhaseKey } from '../model/phase.ts';
import { byOrder, byRun, type Candidate, drainableStates, keyOf } from '../queries/candidates.ts';
import type { DrainLedger } from './drainLedger.ts';
import type { DrainOptions } from './drainOptions.ts';
import type { DrainResult } from './drainResult.ts';
import { QueuedFirst } from './queuedFirst.ts';
import { groupSkips, type SkipGroup } from './drainSummary.ts';
import { classifyFailureReason } from '../model/failureClass.ts';
import type { PhaseSnapshot } from '../model/phaseObservation.ts';
import { t } from '../text/l10n.ts';
import { changedSkip, earlierQueuedSkip, phaseSkip, runSkip, type Skip } from './skips.ts';

/** The phase to take next, and why. */
export interface Choice {
  readonly candidate: Candidate;
  /** 1 for the first attempt of this drain. */
  readonly attempt: number;
  readonly kind: 'retry' | 'sample' | 'promising';
  readonly reason: string;
  /** The phase of the drain's scope in whose place the executor runs this one, which is outside; `null` as a rule. */
  readonly insteadOf: PhaseKey | null;
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
  #runs = new Map<string, readonly Candidate[]>();
  /** Runs in the order of their best candidate; those before the cursor are sampled, skipped or empty for good. */
  #order: readonly string[] = [];
  #cursor = 0;
  /** The best of each sampled run; what is not true any more is left out when it comes first. */
  #sampled = new TinyQueue<Offer>();
  readonly #dropped: { readonly key: PhaseKey; readonly skip: Skip }[] = [];
  /** `null` where the executor runs what it is asked for. */
  #firsts: QueuedFirst | null = null;

  /** `others` are QUEUED phases of the same runs that an executor runs first; `null` where it runs what it is asked for. */
  constructor(
    candidates: readonly Candidate[],
    options: DrainOptions,
    ledger: DrainLedger,
    others: readonly Candidate[] | null = null,
  ) {
    this.#options = options;
    this.#ledger = ledger;
    this.refill(candidates, others);
  }

  /** Begins anew with what the database says now; what was dropped stays told. */
  refill(candidates: readonly Candidate[], others: readonly Candidate[] | null): void {
    this.#firsts = others === null ? null : new QueuedFirst(others);
    this.#runs = byRun([...candidates].sort(this.#byWorth));
    this.#order = [...this.#runs.keys()];
    this.#cursor = 0;
    this.#sampled = new TinyQueue<Offer>(
      [],
      (a, b) => a.attempts - b.attempts || byOrder(a.candidate, b.candidate),
    );
    for (const runId of this.#ledger.verdicts.keys()) this.#offer(runId);
  }

  /** How many candidates are left. */
  get size(): number {
    return [...this.#runs.values()].reduce((sum, candidates) => sum + candidates.length, 0);
  }

  /** The phase to take next, or `null` when the rules allow none. It stays in the queue until it is {@link settle}d. */
  next(): Choice | null {
    return this.#nextRetry() ?? this.#nextSample() ?? this.#nextOfPromising();
  }

  /**
   * The phases that a worker of several takes next, the best first: none that another has, no second phase of a run before
   * its sample is judged, and no second at once of any run whose first queued phase the executor runs.
   */
  choices(count: number, held: readonly PhaseKey[]): Choice[] {
    const [taken, busy] = [new Set(held.map(keyOf)), new Set(held.map(({ runId }) => runId))];
    const retry = this.#nextRetry();
    const found = retry === null || taken.has(keyOf(retry.candidate)) ? [] : [retry];
    this.#nextSample();
    for (let index = this.#cursor; index < this.#order.length && found.length < count; index += 1) {
      const runId = this.#order[index] ?? '';
      const isOpen = this.#ledger.verdictOn(runId) === null && !busy.has(runId);
      const candidate = isOpen ? this.#bestOf(runId) : undefined;
      if (candidate !== undefined) found.push(this.#sample(candidate));
    }
    if (found.length < count) found.push(...this.#promising(count - found.length, taken, busy));
    return found;
  }

  #promising(count: number, taken: ReadonlySet<string>, busy: ReadonlySet<string>): Choice[] {
    const isOnePerRun = this.#firsts !== null;
    const offers = new Map<string, Offer>();
    const candidates: Candidate[] = [];
    for (
      let best = this.#validOffer();
      best !== undefined && offers.size < count;
      best = this.#validOffer()
    ) {
      this.#sampled.pop();
      const { runId } = best.candidate;
      if (offers.has(runId)) continue;
      offers.set(runId, best);
      if (isOnePerRun && busy.has(runId)) continue;
      const most = candidates.length + (isOnePerRun ? 1 : count);
      for (const each of this.#runs.get(runId) ?? []) {
        if (candidates.length >= most) break;
        if (!taken.has(keyOf(each)) && this.#runBy(each) !== null) candidates.push(each);
      }
    }
    for (const offer of offers.values()) this.#sampled.push(offer);
    return candidates
      .sort(this.#byWorth)
      .slice(0, count)
      .map((each) => this.#ofPromising(each));
  }

  /**
   * After any worker's attempt was recorded: its phase as it is now. `false` where that may be taken again and is not known
   * here, since another had it when the backlog was read: then the queue is to be refilled.
   */
  take({
    runId,
    phaseId,
    finalState,
    error,
  }: Pick<DrainResult, 'runId' | 'phaseId' | 'finalState' | 'error'>): boolean {
    const failureClass = classifyFailureReason(error);
    const isLeft = drainableStates.includes(finalState);
    const before = this.#runs.get(runId) ?? [];
    const now = before.flatMap((each) =>
      each.phaseId !== phaseId ? [each] : isLeft ? [{ ...each, state: finalState, failureClass }] : [],
    );
    this.#runs.set(runId, now.sort(this.#byWorth));
    this.#firsts?.change(runId, (each) => each !== phaseId || finalState === 'QUEUED');
    this.#offer(runId);
    return !isLeft || before.some((each) => each.phaseId === phaseId);
  }

  /** After an attempt was recorded: what the phases of its run are now. Those that cannot be drained any more leave. */
  settle(runId: string, phases: readonly PhaseSnapshot[]): void {
    const now = new Map(phases.map((phase) => [phase.phaseId, phase]));
    const left: Candidate[] = [];
    for (const candidate of this.#runs.get(runId) ?? []) {
      const phase = now.get(candidate.phaseId);
      if (phase !== undefined && drainableStates.includes(phase.state)) {
        const failureClass = classifyFailureReason(phase.failureReason);
        left.push({ ...candidate, state: phase.state, failureClass });
      } else if (this.#ledger.executionsOf(candidate) === 0) {
        this.#dropped.push({ key: candidate, skip: changedSkip(phase ?? null) });
      }
    }
    this.#runs.set(runId, left.sort(this.#byWorth));
    this.#firsts?.change(runId, (phaseId) => now.get(phaseId)?.state === 'QUEUED');
    this.#offer(runId);
  }

  /** Takes a phase out, with the reason; `null` where none is to be shown. */
  drop(key: PhaseKey, skip: Skip | null): void {
    const { runId, phaseId: gone } = key;
    this.#runs.set(runId, this.#runs.get(runId)?.filter(({ phaseId }) => phaseId !== gone) ?? []);
    this.#firsts?.change(runId, (phaseId) => phaseId !== gone);
    this.#offer(runId);
    if (skip !== null) this.#dropped.push({ key, skip });
  }

  /**
   * Every candidate that is left, by the reason for which it was not taken; `ended` is why the drain took no more. What was
   * executed has a result that says more: it is shown only where its attempts are used up.
   */
  explain(ended: Skip): SkipGroup[] {
    const skips = [...this.#dropped];
    for (const [runId, candidates] of this.#runs) {
      const ofRun = runSkip(runId, this.#ledger, this.#options);
      for (const key of candidates) {
        const ofPhase = phaseSkip(key, this.#ledger, this.#options);
        const isExecuted = this.#ledger.executionsOf(key) > 0;
        const skip = isExecuted ? ofPhase : (ofRun ?? ofPhase ?? this.#earlierSkip(key) ?? ended);
        if (skip !== null) skips.push({ key, skip });
      }
    }
    return groupSkips(skips);
  }

  #nextRetry(): Choice | null {
    const { retry } = this.#ledger;
    if (retry === null || runSkip(retry.key.runId, this.#ledger, this.#options) !== null) return null;
    const key = keyOf(retry.key);
    const candidate = this.#runs.get(retry.key.runId)?.find((each) => keyOf(each) === key);
    if (candidate === undefined || this.#runBy(candidate) === null) return null;
    const pause = `${Math.round(retry.pauseMs / 1000)} s`;
    const why = t`its cause of failure may have passed after ${pause}: ${retry.evidence}`;
    return { ...this.#choice(candidate, 'retry', why), pauseMs: retry.pauseMs };
  }

  #nextSample(): Choice | null {
    for (; this.#cursor < this.#order.length; this.#cursor += 1) {
      const runId = this.#order[this.#cursor] ?? '';
      const isSampled = this.#ledger.verdictOn(runId) !== null;
      const candidate = isSampled ? undefined : this.#bestOf(runId);
      if (candidate === undefined) continue;
      return this.#sample(candidate);
    }
    return null;
  }

  #sample(candidate: Candidate): Choice {
    return this.#choice(candidate, 'sample', t`the first phase of its run, as a sample`);
  }

  #nextOfPromising(): Choice | null {
    const best = this.#validOffer();
    return best === undefined ? null : this.#ofPromising(best.candidate);
  }

  #ofPromising(candidate: Candidate): Choice {
    const why = this.#ledger.verdictOn(candidate.runId)?.reason ?? '';
    return this.#choice(candidate, 'promising', t`its run is promising: ${why}`);
  }

  /** The first offer that still is true; those before it are left out. */
  #validOffer(): Offer | undefined {
    for (let best = this.#sampled.peek(); best !== undefined; best = this.#sampled.peek()) {
      const { candidate, attempts } = best;
      const isTrue =
        this.#bestOf(candidate.runId) === candidate && this.#ledger.attemptsOf(candidate) === attempts;
      if (isTrue) return best;
      this.#sampled.pop();
    }
    return undefined;
  }

  /** Lets the best of a run take part; what keeps a run from being taken is for good, until it is settled again. */
  #offer(runId: string): void {
    const best = this.#ledger.verdictOn(runId) === null ? undefined : this.#bestOf(runId);
    if (best !== undefined) this.#sampled.push({ candidate: best, attempts: this.#ledger.attemptsOf(best) });
  }

  #bestOf(runId: string): Candidate | undefined {
    if (runSkip(runId, this.#ledger, this.#options) !== null) return undefined;
    return this.#runs.get(runId)?.find((each) => this.#runBy(each) !== null);
  }

  #choice(wanted: Candidate, kind: Choice['kind'], reason: string): Choice {
    const candidate = this.#runBy(wanted) ?? wanted;
    const attempt = this.#ledger.executionsOf(candidate) + 1;
    const again = attempt === 1 ? '' : `${t`attempt ${attempt}`}; `;
    const choice = { candidate, attempt, kind, insteadOf: null, pauseMs: 0 };
    if (candidate === wanted) return { ...choice, reason: `${again}${reason}` };
    const isInside = this.#runs.get(candidate.runId)?.includes(candidate) === true;
    const { runId, phaseId } = wanted;
    const first = `${again}${t`the first queued phase of its run, which Autopack runs before ${phaseId}`}`;
    return { ...choice, reason: first, insteadOf: isInside ? null : { runId, phaseId } };
  }

  #mayTake(candidate: Candidate): boolean {
    return phaseSkip(candidate, this.#ledger, this.#options) === null;
  }

  /** The phase that is executed when this one is asked for; `null` where none may be. */
  #runBy(wanted: Candidate): Candidate | null {
    if (!this.#mayTake(wanted)) return null;
    const first = this.#earlier(wanted);
    if (first === undefined) return wanted;
    const isInside = this.#runs.get(first.runId)?.includes(first) === true;
    return (isInside || this.#options.allowEarlierQueued) && this.#mayTake(first) ? first : null;
  }

  /** The QUEUED phase that the executor would run before this one. */
  #earlier(wanted: Candidate): Candidate | undefined {
    const first = this.#firsts?.of(wanted.runId, this.#runs.get(wanted.runId) ?? []);
    return first !== undefined && byRunOrder(first, wanted) < 0 ? first : undefined;
  }

  #earlierSkip(wanted: Candidate): Skip | null {
    const first = this.#runBy(wanted) === null ? this.#earlier(wanted) : undefined;
    return first === undefined ? null : earlierQueuedSkip(first);
  }

  readonly #byWorth = (a: Candidate, b: Candidate): number =>
    this.#ledger.attemptsOf(a) - this.#ledger.attemptsOf(b) || byOrder(a, b);
}

/** The best candidate of a run, as it was when it was put forward. */
interface Offer {
  readonly candidate: Candidate;
  readonly attempts: number;
}
