import type { Estimator } from '../estimator/estimator.ts';
import { referenceEstimator } from '../estimator/referenceEstimator.ts';
import { findDrift } from '../evidence/findDrift.ts';
import { evidenceFigures } from '../evidence/telemetryEvidence.ts';
import { countQualities } from '../evidence/countQualities.ts';
import type { TelemetrySamples } from '../telemetrySamples.ts';
import { type CalibrationEvidence, calibrationEvidence } from './calibrationEvidence.ts';
import { evidenceGates, underestimationGate } from './calibrationGates.ts';
import { calibrationGroups } from './calibrationGroups.ts';
import type {
  CalibrationOptions,
  CalibrationResult,
  CoefficientChange,
  SafeBudget,
} from './calibrationProposal.ts';
import { calibrationRules } from './calibrationRules.ts';
import { type CalibrationStep, calibrationStep } from './calibrationStep.ts';
import { censoringGate } from './censoringGate.ts';
import { describeCaveats } from './describeCaveats.ts';
import { judgeSamples } from './judgeSamples.ts';
import { type HeldOutEstimates, leaveOnePhaseOut, worstByPhase } from './leaveOnePhaseOut.ts';
import { type PhaseFactor, phaseFactors } from './poolGroups.ts';
import { shuffledRanks } from '../statistics/shuffledRanks.ts';
import { beforeAfter } from './predictionFigures.ts';
import { safeBudget } from './safeBudget.ts';

/**
 * What the clean samples bear: an unbiased estimate, fitted to the estimator's own coefficients, and a safety factor
 * that bounds underestimation, both judged on phases they were not made from; or why nothing is proposed. Needs samples
 * read with details. The same samples give the same result.
 */
export function calibrate(samples: TelemetrySamples, options: CalibrationOptions = {}): CalibrationResult {
  const { minSamples = calibrationRules.samples, anyRole = false, estimator = referenceEstimator } = options;
  const evidence = calibrationEvidence(samples, estimator);
  const chosen = { clean: evidence.clean.at, truncated: evidence.truncated.at };
  const { ratio, budgetRisk } = evidenceFigures(samples, chosen);
  const drift = findDrift(samples, evidence.clean.at);
  const factors = phaseFactors(evidence);
  const heldOut = leaveOnePhaseOut(evidence, factors);
  const { step, budget } = propose(evidence, factors, heldOut);
  const judged = judgeSamples(evidence, heldOut);
  const groups = calibrationGroups(evidence, step, budget, judged);
  const validation = beforeAfter(judged);
  const gates = [
    ...evidenceGates(evidence, minSamples, drift),
    censoringGate(evidence, ratio, step.estimate, budget.factor),
    underestimationGate(validation, groups),
  ];
  const coefficients = [...safetyChange(estimator, budget), ...step.changes];
  const reasons = gates.filter(({ passed }) => !passed).map(({ label, detail }) => `${label}: ${detail}`);
  if (reasons.length === 0 && coefficients.length === 0)
    reasons.push('Nothing needs changing: every estimate is within what chance explains.');
  return {
    verdict: reasons.length === 0 ? 'proposed' : 'withheld',
    options: { minSamples, anyRole },
    reasons,
    gates,
    quality: countQualities(samples),
    phases: evidence.phases,
    withDeliverables: evidence.patterns.reduce((sum, pattern) => sum + pattern.samples, 0),
    ratio,
    budgetRisk,
    drift,
    groups,
    safeBudget: budget,
    validation,
    coefficients,
    caveats: describeCaveats(evidence, budget),
  };
}

/** With many phases a third is kept apart for the bound; with fewer, all serve both, each judged without itself. */
function propose(
  evidence: CalibrationEvidence,
  factors: readonly PhaseFactor[],
  heldOut: HeldOutEstimates,
): { readonly step: CalibrationStep; readonly budget: SafeBudget } {
  const { clean, phases } = evidence;
  const inUse = [...worstByPhase(evidence, (row) => clean.estimate[row] ?? NaN)];
  if (phases < calibrationRules.splitPhases) {
    const proposed = [...heldOut.scores];
    return {
      step: calibrationStep(evidence, factors),
      budget: safeBudget({ method: 'leave-one-out', proposed, inUse }),
    };
  }
  const ranks = shuffledRanks(phases);
  const isKeptApart = (phase: number): boolean => (ranks[phase] ?? 0) % 3 === 0;
  const step = calibrationStep(
    evidence,
    factors.filter(({ phase }) => !isKeptApart(phase)),
  );
  const worst = worstByPhase(evidence, (row) => step.estimate(clean, row));
  const proposed = [...worst].filter((_, phase) => isKeptApart(phase));
  return { step, budget: safeBudget({ method: 'split', proposed, inUse }) };
}

function safetyChange({ safetyFactor }: Estimator, { factor }: SafeBudget): readonly CoefficientChange[] {
  if (factor === null || factor === safetyFactor) return [];
  return [{ path: ['safetyFactor'], before: safetyFactor, after: factor }];
}
