import { UserFacingError } from '../errors.ts';
import type { ClaimedPhase, ExecutionHost, RecordedCall } from '../model/executionHost.ts';
import type { ExecutorProblem } from '../model/execution.ts';
import type { PhaseKey } from '../model/phase.ts';
import { Attempt, type AttemptOutcome, type BuildOptions, type BuildParts } from './attempt.ts';
import { estimationLogLine } from './callRows.ts';
import { lastAttempt } from './attemptJournal.ts';
import { Deadline } from './deadline.ts';

/** How an attempt ended. */
export interface BuildResult {
  readonly outcome: 'ended' | 'timed-out' | 'cancelled' | 'refused';
  /** `null` where the phase is complete. */
  readonly reason: string | null;
  readonly problem: ExecutorProblem | null;
  readonly calls: readonly RecordedCall[];
  /** What a person should know besides, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Executes one phase with a model: asks for its deliverables, writes them where they may be written, verifies them, and
 * settles the phase with its telemetry. In every case the phase's state matches what happened, and files that do
 * not belong to a complete phase are as they were. Throws only what keeps the database from being written.
 */
export async function buildPhase(
  key: PhaseKey,
  options: BuildOptions,
  parts: BuildParts,
  host: ExecutionHost,
  signal: AbortSignal,
): Promise<BuildResult> {
  const claim = await host.ledger.claim(key);
  if (claim === null) {
    const reason = `${key.phaseId} is neither QUEUED nor FAILED any more.`;
    return { outcome: 'refused', reason, problem: null, calls: [], notes: [] };
  }
  // Without the brief, which the database has and which may be of any size.
  const { runId, phaseId, attempt: number, before, claimedAt } = claim;
  await parts.journal.write({
    kind: 'claimed',
    claim: { runId, phaseId, attempt: number, before, claimedAt },
  });
  const deadline = new Deadline(parts.clock, options.timeoutMs, signal);
  const attempt = new Attempt(claim, options, parts, host, deadline);
  try {
    const end = await attempt.run();
    const isSettled = await settle(attempt, claim, end, parts, host);
    return {
      ...resultOf(end),
      calls: attempt.calls,
      notes: isSettled ? attempt.notes : [...attempt.notes, changedNote(key)],
    };
  } finally {
    deadline.dispose();
  }
}

function resultOf({
  reason,
  problem,
  timedOut,
  isCancelled,
}: AttemptOutcome): Pick<BuildResult, 'outcome' | 'reason' | 'problem'> {
  return { outcome: timedOut ? 'timed-out' : isCancelled ? 'cancelled' : 'ended', reason, problem };
}

/** The files of a phase that cannot be settled as complete are put back. */
async function settle(
  attempt: Attempt,
  claim: ClaimedPhase,
  { state, reason, timedOut }: AttemptOutcome,
  { journal }: BuildParts,
  { ledger }: ExecutionHost,
): Promise<boolean> {
  const { calls } = attempt;
  for (const call of calls) attempt.log(estimationLogLine(call, claim.brief));
  try {
    const isSettled = await ledger.settle(claim, { state, reason, timedOut, calls });
    if (!isSettled) await attempt.restore();
    await journal.write({ kind: 'settled' });
    return isSettled;
  } catch (error) {
    // The journal still holds the calls: whoever resumes the drain, or has taken the phase over, records them. Who has done so
    // already has put the files back, too, and what lies there now may be theirs.
    const isRecovered = lastAttempt(await journal.read())?.end?.kind === 'recovered';
    // Where nobody can say whether it is complete, whoever finds the journal looks.
    const isUncertain = error instanceof UserFacingError && error.code === 'uncertain';
    if (!isRecovered && !isUncertain) await attempt.restore();
    throw error;
  }
}

function changedNote({ phaseId }: PhaseKey): string {
  return `${phaseId} was changed by another program while it was executed: it is left as it is.`;
}
