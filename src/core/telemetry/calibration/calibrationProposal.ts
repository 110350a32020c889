import type { CoefficientValue } from '../estimator/changeCoefficients.ts';
import type { Estimator } from '../estimator/estimator.ts';
import type { RatioDistribution } from '../evidence/ratioDistribution.ts';
import type { DriftFigures } from '../evidence/driftFigures.ts';
import type { RiskInterval } from '../evidence/riskInterval.ts';
import type { QualityCounts } from '../sampleQuality.ts';
import type { Interval } from '../statistics/interval.ts';

/** What to calibrate, and by which rules. */
export interface CalibrationOptions {
  /** How many clean samples there must be; 20 by default. */
  readonly minSamples?: number;
  /** Read the telemetry of a database whose role is not `seed` too; otherwise that fails with `wrong-role`. */
  readonly anyRole?: boolean;
  /** The coefficients in use; the reference's by default. */
  readonly estimator?: Estimator;
}

/** The name of a condition for proposing anything. */
export type CalibrationGateId =
  'clean-samples' | 'group-samples' | 'coverage' | 'drift' | 'censoring' | 'underestimation';

/** One condition. All must be passed, or the proposal is withheld. */
export interface CalibrationGate {
  readonly id: CalibrationGateId;
  readonly label: string;
  readonly passed: boolean;
  /** One or two sentences: what was found, and what is missing. */
  readonly detail: string;
}

/** How well predictions serve the clean samples they are held against. */
export interface PredictionFigures {
  readonly samples: number;
  /** Percent of samples with actual > predicted. */
  readonly underestimation: RiskInterval;
  /** Median of predicted / actual. */
  readonly wasteMedian: number;
  /** Mean of predicted / actual. */
  readonly wasteMean: number;
  /** Median of |estimate - actual| / actual in percent, of the estimate before the safety factor. */
  readonly errorMedianPct: number;
}

/** The same samples under the coefficients in use and under the proposed ones, each phase judged without its own samples. */
export interface BeforeAfter {
  readonly before: PredictionFigures;
  readonly after: PredictionFigures;
  /** Change of the median error in percentage points: 95 %, resampling phases; `null` for a single phase. */
  readonly errorChange: Interval | null;
}

/** The pooled estimate of one kind of phase. */
export interface PooledEstimate {
  /** The factor that would make the estimate (before the safety factor) unbiased in the median, by this group's clean samples alone. */
  readonly ownFactor: number;
  /** The same after shrinking towards its category and all samples. */
  readonly pooledFactor: number;
  /** 95 % of `pooledFactor`. */
  readonly interval: Interval;
  /** How much of the group's own deviation was kept: 0 (none) to 1 (all). */
  readonly ownWeight: number;
  /** The chance that a change in this direction is right, 0.5 to 1. */
  readonly confidence: number;
  /** `pooledFactor` damped and at most 50 % up or down: where this step goes. */
  readonly stepFactor: number;
}

/** One kind of phase in a calibration. */
export interface CalibrationGroup {
  readonly category: string;
  readonly complexity: string;
  /** Clean samples. */
  readonly samples: number;
  /** How many different phases they are from. */
  readonly phases: number;
  /** `propose`: its coefficients change; `keep`: near enough as it is; `wait`: too few clean samples. */
  readonly action: 'propose' | 'keep' | 'wait';
  /** One sentence. */
  readonly reasoning: string;
  /** actual / predicted, as recorded; `null` without a clean sample. */
  readonly ratio: RatioDistribution | null;
  /** How often the call needed more than the limit sent with it; `null` where no limit is recorded. */
  readonly budgetRisk: RiskInterval | null;
  readonly estimate: PooledEstimate | null;
  /** What the proposal really does to the predictions of this group: after / before, the geometric mean over its samples. */
  readonly predictionFactor: number | null;
  readonly validation: BeforeAfter | null;
}

/** One coefficient that the proposal changes. */
export interface CoefficientChange extends CoefficientValue {
  readonly before: number;
}

/** The bound that keeps underestimation of an unseen phase at 5 %, or how many phases are missing to state one. */
export interface SafeBudget {
  /** For the proposed coefficients: multiplies the unbiased estimate; `null` where there are too few phases. */
  readonly factor: number | null;
  /** For the coefficients in use, which no sample was fitted to, so that the promise is exact; `null` with too few phases. */
  readonly factorInUse: number | null;
  /** Percent of unseen phases that may need more. */
  readonly atMostPct: number;
  /** `split`: from phases the coefficients were not fitted to; `leave-one-out`: each phase judged without itself. */
  readonly method: 'split' | 'leave-one-out' | null;
  /** Phases the bound rests on; of each, its worst sample counts. */
  readonly phases: number;
  /** The position of the bound among them, counted from the smallest. */
  readonly rank: number | null;
  /** How many more phases a bound needs; 0 where there is one. */
  readonly missing: number;
  /** One or two sentences: what the bound promises, and on which ground. */
  readonly statement: string;
}

/** What the evidence bears: a proposal, or what is missing for one. Nothing is applied by it. */
export interface CalibrationResult {
  readonly verdict: 'proposed' | 'withheld';
  readonly options: { readonly minSamples: number; readonly anyRole: boolean };
  /** Why it is withheld, in sentences; empty for a proposal. */
  readonly reasons: readonly string[];
  readonly gates: readonly CalibrationGate[];
  /** All samples by quality; only the clean ones are evidence. */
  readonly quality: QualityCounts;
  /** Phases with clean samples. */
  readonly phases: number;
  /** How many clean samples tell their deliverables, as the fit of the coefficients needs. */
  readonly withDeliverables: number;
  /** actual / predicted of all clean samples, as recorded; `null` without one. */
  readonly ratio: RatioDistribution | null;
  readonly budgetRisk: RiskInterval | null;
  readonly drift: DriftFigures;
  /** Sorted by category, then low, medium, high. */
  readonly groups: readonly CalibrationGroup[];
  readonly safeBudget: SafeBudget;
  readonly validation: BeforeAfter | null;
  /** Computed even where the proposal is withheld, for the record; empty where nothing could be fitted. */
  readonly coefficients: readonly CoefficientChange[];
  /** What is not certain about this evidence, in sentences. */
  readonly caveats: readonly string[];
}
