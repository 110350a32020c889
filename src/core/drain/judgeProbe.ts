import type { DrainRequest } from './drainOptions.ts';
import type { DrainSummary } from './drainSummary.ts';

/** One phase, once. */
export const probeLimits: DrainRequest = { batchSize: 1, maxAttemptsPerPhase: 1 };

/** Whether a whole batch is worth its tokens, by what one phase came to. */
export interface ProbeVerdict {
  readonly isGo: boolean;
  /** One sentence. */
  readonly reason: string;
}

/** Judges a probe: it is a go if the phase gave telemetry, or was COMPLETE without a call that should have given some. */
export function judgeProbe({ results, events, stop }: DrainSummary): ProbeVerdict {
  const [result] = results;
  if (result === undefined) return { isGo: false, reason: `No phase was executed: ${stop.message}` };
  if (events > 0) {
    return {
      isGo: true,
      reason: `${result.phaseId} gave ${events} telemetry event${events === 1 ? '' : 's'}.`,
    };
  }
  const { zeroYield } = result;
  if (result.success && zeroYield?.cause === 'succeeded-without-model') {
    return { isGo: true, reason: `${result.phaseId} is COMPLETE and needed no model call.` };
  }
  const why = zeroYield === null ? (result.error ?? 'no reason was given.') : zeroYield.evidence;
  return { isGo: false, reason: `${result.phaseId} is ${result.finalState} and gave no telemetry: ${why}` };
}
