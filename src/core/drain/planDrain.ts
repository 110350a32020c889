import type { DrainBacklog } from './candidate.ts';
import { CandidateQueue, type Choice } from './candidateQueue.ts';
import { candidatesOf, queuedBesides } from './candidatesOf.ts';
import { DrainLedger } from './drainLedger.ts';
import type { DrainOptions } from './drainOptions.ts';
import { boundsOf, type DrainBounds } from './drainBounds.ts';
import type { DrainResult } from './drainResult.ts';
import type { DrainStop, SkipGroup } from './drainSummary.ts';
import { limitedTo } from './limitedTo.ts';
import { noYield } from './phaseObservation.ts';
import { limitReached } from './stopRules.ts';

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
  const reason = stop?.message ?? `Outside this batch of ${options.batchSize}.`;
  const notTaken = queue.explain({ code: 'drain-ended', reason });
  return { only: limitedTo(options), candidates: candidates.length, steps, notTaken, atMost, stop };
}

/** What is known of a run now, not what was assumed of it. */
function forPlan(choice: Choice, ledger: DrainLedger): Choice {
  const isKnown = ledger.verdictOn(choice.candidate.runId) !== null;
  if (choice.kind !== 'promising' || isKnown) return choice;
  return { ...choice, reason: 'if the sample of its run is promising' };
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
