import type { Estimator } from '../estimator/estimator.ts';
import { referenceEstimator } from '../estimator/referenceEstimator.ts';
import { countQualities } from '../evidence/countQualities.ts';
import { findDrift } from '../evidence/findDrift.ts';
import { evidenceFigures } from '../evidence/telemetryEvidence.ts';
import type { TelemetrySamples } from '../telemetrySamples.ts';
import { calibrationEffect } from './calibrationEffect.ts';
import { calibrationEvidence } from './calibrationEvidence.ts';
import { evidenceGates } from './calibrationGates.ts';
import { calibrationGroups } from './calibrationGroups.ts';
import type {
  CalibrationOptions,
  CalibrationResult,
  CoefficientChange,
  SafeBudget,
} from './calibrationProposal.ts';
import { calibrationRules } from './calibrationRules.ts';
import { describeCaveats } from './describeCaveats.ts';
import { draftProposal } from './draftProposal.ts';
import { forwardValidation } from './forwardValidation.ts';
import { missingEvidence } from './missingEvidence.ts';
import { phaseFactors } from './poolGroups.ts';
import { beforeAfter, judgeSamples } from './predictionFigures.ts';
import { proposalGates } from './proposalGates.ts';

/**
 * What the clean samples bear: an unbiased estimate, fitted to the estimator's own coefficients, and a safety factor
 * that bounds underestimation, both judged on phases they were not made from; or why nothing is proposed. Needs samples
 * read with details. The same samples give the same result, in whatever order they come.
 */
export function calibrate(samples: TelemetrySamples, options: CalibrationOptions = {}): CalibrationResult {
  const { minSamples = calibrationRules.phases, anyRole = false, estimator = referenceEstimator } = options;
  const evidence = calibrationEvidence(samples, estimator);
  const chosen = { clean: evidence.clean.at, truncated: evidence.truncated.at };
  const { ratio, budgetRisk } = evidenceFigures(samples, chosen);
  const drift = findDrift(samples, evidence.clean.at);
  const factors = phaseFactors(evidence);
  const draft = draftProposal(evidence, factors);
  const { step, budget, heldOut, rule } = draft;
  const judged = judgeSamples(
    evidence,
    (_, row) => heldOut.estimates[row] ?? NaN,
    budget.factor ?? estimator.safetyFactor,
  );
  const groups = calibrationGroups(evidence, draft, judged);
  const validation = beforeAfter(judged);
  const forward = forwardValidation(evidence, factors);
  const coefficients = [...safetyChange(estimator, budget), ...step.changes];
  const gates = [
    ...evidenceGates(evidence, rule.movable, minSamples, drift),
    ...proposalGates({ evidence, rule, budget, groups, validation, forward, ratio, coefficients }),
  ];
  const reasons = gates
    .filter(({ verdict }) => verdict === 'not-passed')
    .map(({ label, detail }) => `${label}: ${detail}`);
  if (reasons.length === 0 && coefficients.length === 0) reasons.push('No coefficient would change.');
  return {
    verdict: reasons.length === 0 ? 'proposed' : 'withheld',
    options: { minSamples, anyRole },
    reasons,
    gates,
    effect: calibrationEffect(validation, coefficients.length),
    quality: countQualities(samples),
    phases: evidence.phases.clean,
    withDeliverables: evidence.patterns.reduce((sum, pattern) => sum + pattern.samples, 0),
    ratio,
    budgetRisk,
    drift,
    groups,
    safeBudget: budget,
    validation,
    forward,
    coefficients,
    toSeed: missingEvidence(evidence, rule.movable, budget, minSamples),
    caveats: describeCaveats(evidence, budget, groups),
  };
}

function safetyChange({ safetyFactor }: Estimator, { factor }: SafeBudget): readonly CoefficientChange[] {
  if (factor === null || factor === safetyFactor) return [];
  return [{ path: ['safetyFactor'], before: safetyFactor, after: factor }];
}
