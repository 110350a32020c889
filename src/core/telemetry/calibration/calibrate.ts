import type { QueryContext } from '../../db/scan/queryContext.ts';
import { UserFacingError } from '../../errors.ts';
import { readRole } from '../../identity/identityTable.ts';
import { roleName } from '../../identity/roleText.ts';
import type { DatabaseRole } from '../../model/databaseFacts.ts';
import { shippedPrices, type PriceList } from '../../model/prices.ts';
import { t } from '../../text/l10n.ts';
import { counted, formatDecimal } from '../../text/quantities.ts';
import { autopackEstimator, type Estimator } from '../estimator/estimator.ts';
import { findDrift } from '../evidence/findDrift.ts';
import { evidenceFigures } from '../evidence/telemetryEvidence.ts';
import { readTelemetrySamples } from '../samples/readTelemetrySamples.ts';
import { sampleQualities, type QualityCounts } from '../samples/sampleQuality.ts';
import type { TelemetrySamples } from '../samples/telemetrySamples.ts';
import { calibrationEffect } from './calibrationEffect.ts';
import { calibrationEvidence, type CalibrationEvidence } from './calibrationEvidence.ts';
import { evidenceGates, missingEvidence } from './calibrationGates.ts';
import { calibrationGroups, kindName } from './calibrationGroups.ts';
import type {
  BeforeAfter,
  CalibrationOptions,
  CalibrationResult,
  CoefficientChange,
  SafeBudget,
  CalibrationGroup,
} from './calibrationProposal.ts';
import { calibrationRules } from './calibrationRules.ts';
import { draftProposal, forwardValidation } from './draftProposal.ts';
import { phaseFactors } from './poolGroups.ts';
import { beforeAfter, judgeSamples } from './predictionFigures.ts';
import { proposalGates } from './proposalGates.ts';

/**
 * What the clean samples bear: an unbiased estimate, fitted to the estimator's own coefficients, and a safety factor
 * that bounds underestimation, both judged on phases they were not made from; or why nothing is proposed. Needs samples
 * read with details. The same samples give the same result, in whatever order they come.
 */
export function calibrate(samples: TelemetrySamples, options: CalibrationOptions = {}): CalibrationResult {
  const { minSamples = calibrationRules.phases, anyRole = false } = options;
  const { estimator = autopackEstimator, prices = [shippedPrices] } = options;
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
    prices,
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
  if (reasons.length === 0 && coefficients.length === 0) reasons.push(t`No coefficient would change.`);
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
    caveats: [...describeCaveats(evidence, budget, groups), ...priceCaveat(validation, prices)],
  };
}

function safetyChange({ safetyFactor }: Estimator, { factor }: SafeBudget): readonly CoefficientChange[] {
  if (factor === null || factor === safetyFactor) return [];
  return [{ path: ['safetyFactor'], before: safetyFactor, after: factor }];
}

/** How many samples are in each class. */
function countQualities(samples: TelemetrySamples): QualityCounts {
  const counts = { synthetic: 0, failed: 0, counted: 0, truncated: 0, suspect: 0, orphaned: 0, clean: 0 };
  for (const index of samples.quality) counts[sampleQualities[index] ?? 'suspect'] += 1;
  return counts;
}

const notableGrowth = 1.25;

/** What is not certain about the evidence, in sentences. */
function describeCaveats(
  { samples, clean, patterns, foreign, unsplit, phases }: CalibrationEvidence,
  { missing, factor }: SafeBudget,
  groups: readonly CalibrationGroup[],
): readonly string[] {
  const all = clean.at.length;
  if (all === 0) return [];
  const unknown = all - patterns.reduce((sum, pattern) => sum + pattern.samples, 0);
  const logged = clean.at.reduce((sum, at) => sum + Number(isLogged(samples, at)), 0);
  const caveats: string[] = [...growth(groups)];
  if (logged > 0) {
    caveats.push(
      t`From logs alone: ${counted(logged, 'clean sample')}. Logs have no role and name no phases: that the work was representative is for you to know, and repeats of a phase count as independent, so all is less certain than it looks.`,
    );
  }
  if (unknown > 0) {
    caveats.push(
      t`Deliverables not known, so left out when the coefficients are fitted: ${counted(unknown, 'clean sample')}.`,
    );
  }
  if (foreign > 0) {
    caveats.push(
      t`Predicted by other coefficients than those in use, and estimated again: ${counted(foreign, 'clean sample')}.`,
    );
  }
  if (unsplit > 0) {
    caveats.push(
      t`Samples hold paths, not whether a file was new. For ${counted(unsplit, 'sample')} the prediction does not say either: their files are taken to be new.`,
    );
  }
  if (phases.clean < all)
    caveats.push(
      t`Repeats of one phase count as one: ${counted(all, 'sample')}, ${counted(phases.clean, 'phase')}.`,
    );
  if (factor === null) {
    caveats.push(
      t`Without a bound the safety factor stays as it is, and no prediction is lowered: ${counted(missing, 'more phase')} needed.`,
    );
  }
  return caveats;
}

function priceCaveat(validation: BeforeAfter | null, prices: readonly PriceList[]): readonly string[] {
  if (typeof validation?.before.outputCostPerPhase !== 'number') return [];
  const dates = [...new Set(prices.map(({ date }) => date))].join(', ');
  return [
    t`Costs are of predicted output alone, by the models' names and list prices (${dates}). What a call costs is what it uses; input and discounts are not in them.`,
  ];
}

/** Predictions that become much larger cost money: that is said first. */
function growth(groups: readonly CalibrationGroup[]): string[] {
  const grown = groups.flatMap((group) => {
    const { predictionFactor } = group;
    if (predictionFactor === null || predictionFactor < notableGrowth) return [];
    return [t`${formatDecimal(predictionFactor, 2)} times as large in ${kindName(group)}`];
  });
  return grown.length === 0 ? [] : [t`Predictions become ${grown.join(', ')}.`];
}

function isLogged({ phase, phases }: TelemetrySamples, at: number): boolean {
  return phases[phase[at] ?? 0]?.origin === 'log';
}

/** Throws `wrong-role` for a database that is no telemetry seed, unless any role is meant: a backlog's failures are not representative. */
export function requireCalibrationRole(role: DatabaseRole, anyRole: boolean): void {
  if (role === 'seed' || anyRole) return;
  throw new UserFacingError(
    'wrong-role',
    t`Calibration works on telemetry seed databases; the role of this one is ${roleName(role)}.`,
    t`Select a seed database, or pass --any-role if you know that its phases are representative.`,
  );
}

/**
 * What the telemetry of a database bears for a calibration. Fails with `no-telemetry-table`, and with `wrong-role`; see
 * `requireCalibrationRole`.
 */
export function calibration(context: QueryContext, options: CalibrationOptions): CalibrationResult {
  requireCalibrationRole(readRole(context.db, context.schema).role, options.anyRole === true);
  return calibrate(readTelemetrySamples(context, true), options);
}
