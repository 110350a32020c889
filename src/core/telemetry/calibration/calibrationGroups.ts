import { evidenceFigures } from '../evidence/telemetryEvidence.ts';
import { formatRatio } from '../formatFigures.ts';
import { counted } from '../../text/quantities.ts';
import type { CalibrationEvidence, CalibrationRows } from './calibrationEvidence.ts';
import type { CalibrationGroup, PooledEstimate, SafeBudget } from './calibrationProposal.ts';
import { calibrationRules } from './calibrationRules.ts';
import type { CalibrationStep } from './calibrationStep.ts';
import type { JudgedGroupSample } from './judgeSamples.ts';
import { beforeAfter } from './predictionFigures.ts';

/** Every kind of phase that occurs, with what is proposed for it and why. */
export function calibrationGroups(
  evidence: CalibrationEvidence,
  step: CalibrationStep,
  { factor }: SafeBudget,
  judged: readonly JudgedGroupSample[],
): readonly CalibrationGroup[] {
  const { clean, truncated, estimator, samples } = evidence;
  return evidence.groups.map((kind, group) => {
    const rows = rowsOf(clean, group);
    const own = Uint32Array.from(rows, (row) => clean.at[row] ?? 0);
    const cut = Uint32Array.from(rowsOf(truncated, group), (row) => truncated.at[row] ?? 0);
    const { ratio, budgetRisk } = evidenceFigures(samples, { clean: own, truncated: cut });
    const estimate = step.estimates[group] ?? null;
    const safety = (factor ?? estimator.safetyFactor) / estimator.safetyFactor;
    return {
      ...kind,
      samples: rows.length,
      phases: new Set(rows.map((row) => clean.phase[row])).size,
      ...decision(rows.length, evidence.fitted[group] ?? 0, step.proposed.has(group), estimate),
      ratio,
      budgetRisk,
      estimate,
      predictionFactor: rows.length === 0 ? null : safety * reachedFactor(clean, rows, step),
      validation: beforeAfter(judged.filter((sample) => sample.group === group)),
    };
  });
}

function rowsOf({ group: groups }: CalibrationRows, group: number): readonly number[] {
  const rows: number[] = [];
  for (const [row, own] of groups.entries()) if (own === group) rows.push(row);
  return rows;
}

/** The geometric mean of new / present estimate. */
function reachedFactor(clean: CalibrationRows, rows: readonly number[], step: CalibrationStep): number {
  let sum = 0;
  for (const row of rows) sum += Math.log(step.estimate(clean, row) / (clean.estimate[row] ?? NaN));
  return Math.exp(sum / rows.length);
}

function decision(
  samples: number,
  fitted: number,
  proposed: boolean,
  estimate: PooledEstimate | null,
): Pick<CalibrationGroup, 'action' | 'reasoning'> {
  const missing = calibrationRules.groupSamples - samples;
  if (estimate === null || missing > 0)
    return { action: 'wait', reasoning: `${counted(missing, 'more clean sample')} needed.` };
  if (fitted < calibrationRules.groupSamples)
    return {
      action: 'wait',
      reasoning: `Only ${fitted} of ${counted(samples, 'sample')} tell their deliverables.`,
    };
  const { pooledFactor, interval, stepFactor } = estimate;
  const range = `${formatRatio(interval.low)} to ${formatRatio(interval.high)}`;
  const found = `An unbiased estimate is ${formatRatio(pooledFactor)} the present one (95 %: ${range})`;
  if (!proposed) return { action: 'keep', reasoning: `${found}: within what chance explains.` };
  return { action: 'propose', reasoning: `${found}; this step goes to ${formatRatio(stepFactor)}.` };
}
