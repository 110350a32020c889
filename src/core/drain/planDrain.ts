import { noYield } from '../model/phaseObservation.ts';
import type { DrainBacklog, Candidate } from '../queries/candidates.ts';
import { t } from '../text/l10n.ts';
import { CandidateQueue, type Choice } from './candidateQueue.ts';
import { candidatesOf, queuedBesides } from './drain.ts';
import { DrainLedger } from './drainLedger.ts';
import { describeScope, type DrainOptions } from './drainOptions.ts';
import type { DrainResult } from './drainResult.ts';
import { limitReached } from './drainStops.ts';
import type { DrainStop, SkipGroup } from './drainSummary.ts';
import { runSkip } from './skips.ts';

/** What a drain is going to do, as far as that can be known before. */
export interface DrainPlan {
  /** What it is limited to, in words; `null` where any phase may be taken. */
  readonly only: string | null;
  /** How many phases could be drained. */
  readonly candidates: number;
  /**
   * The phases in the order in which they are taken if each succeeds. The samples among them are certain, as long as no
   * limit ends the drain; more of a run follow if its sample is promising.
   */
  readonly steps: readonly Choice[];
  /** Every other candidate, by the reason for which it is left. */
  readonly notTaken: readonly SkipGroup[];
  /** What the drain comes to at most. */
  readonly atMost: DrainBounds;
  /** The limit for which it would not begin at all; `null` as a rule. */
  readonly stop: DrainStop | null;
}

/**
 * Plans a drain by taking phases from the same queue as the drain itself, as if every one succeeded. `ledger` is what
 * the session has learned so far, empty for a new one; `elapsedMs` is how long it was at work; `runsFirstQueued` is
 * whether the executor does (see `ExecutorPort`).
 */
export function planDrain(
  backlog: DrainBacklog,
  options: DrainOptions,
  ledger: DrainLedger = new DrainLedger(options),
  elapsedMs = 0,
  runsFirstQueued = false,
): DrainPlan {
  const candidates = candidatesOf(backlog, options, ledger);
  const assumed = new DrainLedger(options, ledger.results);
  const others = runsFirstQueued ? queuedBesides(backlog, candidates) : null;
  const queue = new CandidateQueue(candidates, options, assumed, others);
  // A session that a streak of failures has stopped begins with a trial.
  const stop = limitReached(ledger, options, elapsedMs, true);
  const nothing = { executions: 0, minutes: 0, tokens: 0 };
  const atMost = stop === null ? boundsOf(candidates, options, ledger, elapsedMs) : nothing;
  const steps: Choice[] = [];
  while (stop === null && assumed.taken < options.batchSize) {
    const choice = queue.next();
    if (choice === null) break;
    steps.push(forPlan(choice, ledger));
    assumed.record(successOf(choice));
    queue.drop(choice.candidate, null);
  }
  const reason = stop?.message ?? t`Outside this batch of ${options.batchSize}.`;
  const notTaken = queue.explain({ code: 'drain-ended', reason });
  return { only: describeScope(options), candidates: candidates.length, steps, notTaken, atMost, stop };
}

/** What is known of a run now, not what was assumed of it. */
function forPlan(choice: Choice, ledger: DrainLedger): Choice {
  const isKnown = ledger.verdictOn(choice.candidate.runId) !== null;
  if (choice.kind !== 'promising' || isKnown) return choice;
  return { ...choice, reason: t`if the sample of its run is promising` };
}

function successOf({ candidate, attempt }: Choice): DrainResult {
  const { runId, phaseId, phaseIndex, state } = candidate;
  return {
    runId,
    phaseId,
    phaseIndex,
    askedFor: null,
    alongside: null,
    attempt,
    initialState: state,
    finalState: 'COMPLETE',
    success: true,
    outcome: 'exited',
    exitCode: 0,
    startedAt: 0,
    finishedAt: 0,
    durationMs: 0,
    error: null,
    fingerprint: null,
    yield: noYield,
    otherTokens: 0,
    zeroYield: null,
    reachedModelLimit: false,
    stdoutPath: '',
    stderrPath: '',
    stdoutTail: '',
    stderrTail: '',
    notes: [],
  };
}

/** What a drain comes to at most, whatever its executions come to. */
interface DrainBounds {
  /** How many executions. */
  readonly executions: number;
  /** How long executions take, in minutes. A limit on the time is overrun by at most one phase. */
  readonly minutes: number;
  /**
   * Tokens, from the caps of the phases and the budget, which is overrun by at most one phase; `null` where phases that
   * may be taken have no cap, so that nothing bounds them.
   */
  readonly tokens: number | null;
}

/** The bounds of a drain from its limits, the attempts that are left, and the caps of the phases. */
function boundsOf(
  candidates: readonly Candidate[],
  options: DrainOptions,
  ledger: DrainLedger,
  elapsedMs: number,
): DrainBounds {
  const skipped = new Map<string, boolean>();
  const isSkipped = (runId: string): boolean => {
    const known = skipped.get(runId) ?? runSkip(runId, ledger, options) !== null;
    skipped.set(runId, known);
    return known;
  };
  const left = Math.max(0, options.batchSize - ledger.taken);
  const caps: (number | null)[] = [];
  for (const candidate of candidates) {
    if (isSkipped(candidate.runId)) continue;
    const attempts = Math.max(0, options.maxAttemptsPerPhase - ledger.attemptsOf(candidate));
    // More than `left` of one phase cannot count, and a limit may be absurdly large.
    for (let count = Math.min(attempts, left); count > 0; count -= 1) caps.push(candidate.tokenCap);
  }
  const executions = Math.min(left, caps.length);
  const perPhase = options.phaseTimeoutSeconds / 60;
  const rest = options.maxTotalMinutes === null ? Infinity : options.maxTotalMinutes - elapsedMs / 60_000;
  const minutes = executions === 0 || rest <= 0 ? 0 : Math.min(executions * perPhase, rest + perPhase);
  return { executions, minutes, tokens: tokensAtMost(caps, executions, options, ledger) };
}

function tokensAtMost(
  caps: readonly (number | null)[],
  executions: number,
  { maxTokens }: DrainOptions,
  ledger: DrainLedger,
): number | null {
  if (executions === 0) return 0;
  if (caps.includes(null)) return null;
  const largest = caps.map((cap) => cap ?? 0).sort((a, b) => b - a);
  const all = largest.slice(0, executions).reduce((sum, cap) => sum + cap, 0);
  if (maxTokens === null) return all;
  const budget = maxTokens - ledger.tokens;
  return budget <= 0 ? 0 : Math.min(all, budget + (largest[0] ?? 0));
}
