import type { RatioDistribution } from '../evidence/ratioDistribution.ts';
import { formatPercent, formatRatio } from '../formatFigures.ts';
import { counted } from '../../text/quantities.ts';
import { kaplanMeier } from '../statistics/kaplanMeier.ts';
import { gate } from './calibrationGates.ts';
import type { CalibrationEvidence, CalibrationRows } from './calibrationEvidence.ts';
import type { CalibrationGate } from './calibrationProposal.ts';
import { calibrationRules } from './calibrationRules.ts';

/** A median that truncated samples move by no more than this is left alone, however narrow its interval. */
const tolerance = 1.1;

/**
 * Whether the truncated samples, which are no evidence by themselves, contradict what the clean ones say: their median
 * would lie elsewhere, or more than twice the promised share of calls would need more than the safe estimate.
 */
export function censoringGate(
  evidence: CalibrationEvidence,
  ratio: RatioDistribution | null,
  estimate: (rows: CalibrationRows, row: number) => number,
  factor: number | null,
): CalibrationGate {
  const count = evidence.truncated.at.length;
  if (count === 0) return gate('censoring', true, 'No sample was cut off at its limit.');
  const contradictions = [medianMoved(ratio), boundExceeded(evidence, estimate, factor)].filter(
    (one) => one !== null,
  );
  const found = `${counted(count, 'sample')} cut off at the limit.`;
  const verdict =
    contradictions.length === 0 ? 'They do not contradict the clean ones.' : contradictions.join(' ');
  return gate('censoring', contradictions.length === 0, `${found} ${verdict}`);
}

function medianMoved(ratio: RatioDistribution | null): string | null {
  const median = ratio?.quantiles.find(({ probability }) => probability === 0.5);
  if (median === undefined) return null;
  const { plain, plainInterval, censored } = median;
  if (censored === null) return 'So many were cut off that the median of actual / predicted is not known.';
  const within = plainInterval === null || censored <= plainInterval.high;
  if (within || censored <= plain * tolerance) return null;
  return `Counting them as lower bounds, the median of actual / predicted is ${formatRatio(censored)}, not ${formatRatio(plain)}.`;
}

function boundExceeded(
  { clean, truncated }: CalibrationEvidence,
  estimate: (rows: CalibrationRows, row: number) => number,
  factor: number | null,
): string | null {
  if (factor === null) return null;
  const scores = (rows: CalibrationRows): Float64Array =>
    Float64Array.from(rows.at, (_, row) => (rows.actual[row] ?? NaN) / estimate(rows, row)).sort();
  let exceeding = 1;
  kaplanMeier(scores(clean), scores(truncated), ({ value, survival }) => {
    if (value <= factor) exceeding = survival;
  });
  if (exceeding <= 2 * calibrationRules.alpha) return null;
  return `Counting them as lower bounds, ${formatPercent(100 * exceeding)} of calls need more than the safe estimate.`;
}
