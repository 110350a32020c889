import { formatPercent } from '../formatFigures.ts';
import { formatCount } from '../../text/quantities.ts';
import type { BeforeAfter, CalibrationEffect } from './calibrationProposal.ts';

/** What would change, for the top of a report; `null` where nothing can be judged. */
export function calibrationEffect(validation: BeforeAfter | null, changes: number): CalibrationEffect | null {
  if (validation === null) return null;
  const { before, after } = validation;
  const tokens = [before.tokensPerPhase, after.tokensPerPhase].map((mean) => formatCount(Math.round(mean)));
  const times = after.tokensPerPhase / before.tokensPerPhase;
  const [from, to] = [before.underestimation.ratePct, after.underestimation.ratePct];
  return {
    tokensBefore: before.tokensPerPhase,
    tokensAfter: after.tokensPerPhase,
    underestimatedBefore: from,
    underestimatedAfter: to,
    summary:
      changes === 0
        ? `Nothing would change. Predicted tokens per phase: ${tokens[0]}. Phases underestimated: ${formatPercent(from)}.`
        : `Predicted tokens per phase: ${tokens[0]} now, ${tokens[1]} then (${times.toFixed(2)} times as many). Phases underestimated: ${formatPercent(from)} now, ${formatPercent(to)} then.`,
  };
}
