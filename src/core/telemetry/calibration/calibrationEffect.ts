import { t } from '../../text/l10n.ts';
import { formatCount, formatDollars, formatPercent, formatDecimal } from '../../text/quantities.ts';
import type { BeforeAfter, CalibrationEffect, PredictionFigures } from './calibrationProposal.ts';

/** What would change, for the top of a report; `null` where nothing can be judged. */
export function calibrationEffect(validation: BeforeAfter | null, changes: number): CalibrationEffect | null {
  if (validation === null) return null;
  const { before, after } = validation;
  const [now, then] = [outputWords(before), outputWords(after)];
  const times = after.tokensPerPhase / before.tokensPerPhase;
  const [from, to] = [before.underestimation.ratePct, after.underestimation.ratePct];
  return {
    tokensBefore: before.tokensPerPhase,
    tokensAfter: after.tokensPerPhase,
    costBefore: before.outputCostPerPhase,
    costAfter: after.outputCostPerPhase,
    underestimatedBefore: from,
    underestimatedAfter: to,
    summary:
      changes === 0
        ? t`Nothing would change. Predicted tokens per phase: ${now}. Phases underestimated: ${formatPercent(from)}.`
        : t`Predicted tokens per phase: ${now} now, ${then} then, ${formatDecimal(times, 2)} times as many. Phases underestimated: ${formatPercent(from)} now, ${formatPercent(to)} then.`,
  };
}

/** The tokens, and their price where it is known: of output alone, as list prices have it. */
function outputWords({ tokensPerPhase, outputCostPerPhase }: PredictionFigures): string {
  const tokens = formatCount(Math.round(tokensPerPhase));
  return outputCostPerPhase === null ? tokens : t`${tokens} (${formatDollars(outputCostPerPhase)} of output)`;
}
