import type { PhaseKey } from '../model/phase.ts';
import type { PhaseSnapshot } from '../model/phaseObservation.ts';
import type { Candidate } from '../queries/candidates.ts';
import { t } from '../text/l10n.ts';
import type { DrainLedger } from './drainLedger.ts';
import type { DrainOptions } from './drainOptions.ts';

/** Why a candidate can be left. */
export const skipCodes = [
  'run-prefix',
  'run-deprioritised',
  'run-stopped',
  'run-timeouts',
  'phase-attempts',
  'phase-changed',
  'earlier-queued',
  'drain-ended',
] as const;

/** One of {@link skipCodes}. */
export type SkipCode = (typeof skipCodes)[number];

/** Why a candidate is not taken, for programs and for people. */
export interface Skip {
  readonly code: SkipCode;
  /** One sentence, the same for all candidates it holds for. */
  readonly reason: string;
}

/** Why no phase of a run is taken (any more), or `null` if they may be. */
export function runSkip(runId: string, ledger: DrainLedger, options: DrainOptions): Skip | null {
  const prefix = options.skipRunPrefixes.find((each) => each !== '' && runId.startsWith(each));
  if (prefix !== undefined)
    return { code: 'run-prefix', reason: t`Runs that start with "${prefix}" are skipped.` };
  const verdict = ledger.verdictOn(runId);
  if (verdict !== null && !verdict.promising) {
    return { code: 'run-deprioritised', reason: t`Run ${runId} is deprioritized: ${verdict.reason}.` };
  }
  const deadEnd = ledger.deadEndOf(runId);
  if (deadEnd !== null) {
    const count = ledger.fingerprintCounts.get(deadEnd) ?? 0;
    return {
      code: 'run-stopped',
      reason: t`Run ${runId} ended with a failure seen ${count} times: ${deadEnd}.`,
    };
  }
  const timeouts = ledger.timeoutsOf(runId);
  if (timeouts >= options.maxTimeoutsPerRun) {
    return {
      code: 'run-timeouts',
      reason: timeouts === 1 ? t`Run ${runId} timed out once.` : t`Run ${runId} timed out ${timeouts} times.`,
    };
  }
  return null;
}

/** Why a phase of a run that may be taken is not, or `null` if it may be. */
export function phaseSkip(candidate: Candidate, ledger: DrainLedger, options: DrainOptions): Skip | null {
  const attempts = ledger.attemptsOf(candidate);
  if (attempts < options.maxAttemptsPerPhase) return null;
  return {
    code: 'phase-attempts',
    reason:
      attempts === 1
        ? t`Attempted once in this drain and still not COMPLETE.`
        : t`Attempted ${attempts} times in this drain and still not COMPLETE.`,
  };
}

/** Why a phase is left that comes behind another in the queue of its run. */
export function earlierQueuedSkip({ phaseId }: Pick<PhaseKey, 'phaseId'>): Skip {
  return {
    code: 'earlier-queued',
    reason: t`Autopack would run ${phaseId} first, which is queued before it.`,
  };
}

/** Why a phase cannot be drained that could before; `null` stands for a phase that is gone. */
export function changedSkip(phase: PhaseSnapshot | null): Skip {
  const reason =
    phase === null ? t`It is no longer in the database.` : t`It became ${phase.state} in the meantime.`;
  return { code: 'phase-changed', reason };
}
