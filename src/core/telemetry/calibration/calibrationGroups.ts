import { t } from '../../text/l10n.ts';
import { evidenceFigures } from '../evidence/telemetryEvidence.ts';
import { counted, formatRatio } from '../../text/quantities.ts';
import type { CalibrationEvidence, CalibrationRows } from './calibrationEvidence.ts';
import type { CalibrationGroup, PooledEstimate } from './calibrationProposal.ts';
import { calibrationRules } from './calibrationRules.ts';
import type { StepRule } from './calibrationStep.ts';
import type { DraftProposal } from './draftProposal.ts';
import { beforeAfter, type JudgedSample } from './predictionFigures.ts';
import { kindBound } from './safeBudget.ts';

/** What moves by less than this is left as it is, in words. */
export const nearEnough = 0.02;

/** Every kind of phase that occurs, with what is proposed for it and why. */
export function calibrationGroups(
  evidence: CalibrationEvidence,
  { step, rule, budget, heldOut }: DraftProposal,
  judged: readonly JudgedSample[],
): readonly CalibrationGroup[] {
  const { clean, truncated, estimator, samples, phases } = evidence;
  const safety = (budget.factor ?? estimator.safetyFactor) / estimator.safetyFactor;
  return evidence.groups.map((kind, group) => {
    const rows = rowsOf(clean, group);
    const own = Uint32Array.from(rows, (row) => clean.at[row] ?? 0);
    const cut = Uint32Array.from(rowsOf(truncated, group), (row) => truncated.at[row] ?? 0);
    const { ratio, budgetRisk } = evidenceFigures(samples, { clean: own, truncated: cut });
    const estimate = step.estimates[group] ?? null;
    const isJudged = rule.movable.has(group);
    const reached = rows.length === 0 ? 1 : reachedFactor(clean, rows, step.estimate);
    return {
      ...kind,
      samples: rows.length,
      phases: evidence.sampled[group] ?? 0,
      ...(isJudged && estimate !== null
        ? decision(estimate, reached, rule)
        : waiting(evidence.sampled[group] ?? 0, evidence.fitted[group] ?? 0)),
      ratio,
      budgetRisk,
      estimate,
      predictionFactor: rows.length === 0 ? null : safety * reached,
      bound: kindBound(heldOut.scores.filter((_, phase) => phases.group[phase] === group)),
      validation: isJudged ? beforeAfter(judged.filter((sample) => sample.group === group)) : null,
    };
  });
}

/** `category/complexity`, as reports name a kind. */
export function kindName({
  category,
  complexity,
}: Pick<CalibrationGroup, 'category' | 'complexity'>): string {
  return `${category}/${complexity}`;
}

function rowsOf({ group: groups }: CalibrationRows, group: number): readonly number[] {
  const rows: number[] = [];
  for (const [row, own] of groups.entries()) if (own === group) rows.push(row);
  return rows;
}

/** The geometric mean of new / present estimate. */
function reachedFactor(
  clean: CalibrationRows,
  rows: readonly number[],
  estimate: (rows: CalibrationRows, row: number) => number,
): number {
  let sum = 0;
  for (const row of rows) sum += Math.log(estimate(clean, row) / (clean.estimate[row] ?? NaN));
  return Math.exp(sum / rows.length);
}

type Decision = Pick<CalibrationGroup, 'action' | 'reasoning'>;

function waiting(phases: number, fitted: number): Decision {
  const missing = calibrationRules.groupPhases - phases;
  const why =
    missing > 0
      ? t`${counted(missing, 'more phase')} with a clean sample needed.`
      : t`Only ${fitted} of ${counted(phases, 'phase')} have known deliverables.`;
  return { action: 'wait', reasoning: t`Not judged, so not moved. ${why}` };
}

function decision(
  { ownFactor, pooledFactor, interval }: PooledEstimate,
  reached: number,
  { kind, lift }: StepRule,
): Decision {
  const [low, high] = [formatRatio(interval.low), formatRatio(interval.high)];
  const estimate = formatRatio(pooledFactor);
  const found =
    ownFactor > pooledFactor * (1 + nearEnough)
      ? t`An unbiased estimate is ${estimate} the present one (95 %: ${low} to ${high}); by its own phases alone ${formatRatio(ownFactor)}, and the larger counts`
      : t`An unbiased estimate is ${estimate} the present one (95 %: ${low} to ${high})`;
  if (Math.abs(reached - 1) < nearEnough) {
    const isHeld = kind !== 'bounded' && pooledFactor < 1 - nearEnough;
    const reasoning = isHeld
      ? t`${found}: but without a bound nothing is lowered.`
      : t`${found}: near enough.`;
    return { action: 'keep', reasoning };
  }
  const reasoning =
    lift > 1
      ? t`${found}; this step goes to ${formatRatio(reached)}, ${formatRatio(lift)} of it for the bound, since the safety factor may rise by half at most.`
      : t`${found}; this step goes to ${formatRatio(reached)}.`;
  return { action: 'propose', reasoning };
}
