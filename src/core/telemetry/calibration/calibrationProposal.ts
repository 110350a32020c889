import type { CoefficientValue, Estimator } from '../estimator/estimator.ts';
import type { RatioDistribution } from '../evidence/describeRatios.ts';
import type { DriftFigures } from '../evidence/findDrift.ts';
import type { RiskInterval } from '../evidence/riskInterval.ts';
import type { PriceList } from '../../model/prices.ts';
import type { QualityCounts } from '../samples/sampleQuality.ts';
import type { Interval } from '../statistics/interval.ts';

/** What to calibrate, and by which rules. */
export interface CalibrationOptions {
  /** How many phases with a clean sample there must be; 20 by default. */
  readonly minSamples?: number;
  /** Read the telemetry of a database whose role is not `seed` too; otherwise that fails with `wrong-role`. */
  readonly anyRole?: boolean;
  /** The coefficients in use; Autopack's by default. */
  readonly estimator?: Estimator;
  /** By what the output that is predicted is priced; the list prices that come with the product by default. */
  readonly prices?: readonly PriceList[];
}

/** The name of a condition for proposing anything. */
export type CalibrationGateId =
  | 'clean-samples'
  | 'group-samples'
  | 'coverage'
  | 'confounding'
  | 'drift'
  | 'censoring'
  | 'need'
  | 'step'
  | 'waste'
  | 'underestimation'
  | 'forward';

/** How a gate stands; `not-judged`: there is nothing to judge by, which holds nothing back and vouches for nothing. */
export type GateVerdict = 'passed' | 'not-passed' | 'not-judged';

/** One condition. Where any is not passed, the proposal is withheld. */
export interface CalibrationGate {
  readonly id: CalibrationGateId;
  readonly label: string;
  readonly verdict: GateVerdict;
  /** One or two sentences: what was found, and what is missing. */
  readonly detail: string;
}

/** How well predictions serve the samples they are held against. */
export interface PredictionFigures {
  /** Clean samples; all figures but underestimation are over them. */
  readonly samples: number;
  /** Percent of phases with a call that used more than predicted, or was cut off. */
  readonly underestimation: RiskInterval;
  /** Output tokens that a call of a phase is predicted to use, the mean over phases. */
  readonly tokensPerPhase: number;
  /** The list price of these tokens, in US dollars; `null` where a model has none. */
  readonly outputCostPerPhase: number | null;
  /** Median of predicted / actual. */
  readonly wasteMedian: number;
  /** 90th percentile of predicted / actual. */
  readonly wasteP90: number;
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
  /** The factor that would make the estimate (before the safety factor) unbiased in the median, by this group alone; cut-off calls count as at least what they reached. */
  readonly ownFactor: number;
  /** The same after shrinking towards its category and all samples. */
  readonly pooledFactor: number;
  /** 95 % of `pooledFactor`. */
  readonly interval: Interval;
  /** How much of the group's own deviation was kept: 0 (none) to 1 (all). */
  readonly ownWeight: number;
  /** The chance that a change in this direction is right, 0.5 to 1. */
  readonly confidence: number;
  /** The larger of `ownFactor` and `pooledFactor`, at most 50 % up or down: where this step goes. */
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
  /** `propose`: its estimate changes; `keep`: near enough as it is; `wait`: too few phases to judge it, so it is not moved. */
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
  /** The safety factor that its phases alone would ask for. */
  readonly bound: KindBound;
  /** `null` without a clean sample, and for a kind that is not moved: then it would be of another proposal. */
  readonly validation: BeforeAfter | null;
}

/** The bound over the phases of one kind. */
export interface KindBound {
  /** Multiplies the proposed estimate; `null` where the kind has too few phases. */
  readonly factor: number | null;
  readonly rank: number | null;
  /** How many more phases of the kind a bound of its own needs. */
  readonly missing: number;
}

/** One coefficient that the proposal changes. */
export interface CoefficientChange extends CoefficientValue {
  readonly before: number;
}

/** The bound that keeps underestimation of an unseen phase at 5 %, or how many phases are missing to state one. */
export interface SafeBudget {
  /** The proposed safety factor: `needed`, at most 50 % up or down; `null` where there is no bound. */
  readonly factor: number | null;
  /** What the bound asks for with the proposed estimates; `null` where too few phases, or too many cut-off calls, leave none. */
  readonly needed: number | null;
  /** The same for the coefficients in use, which no sample was fitted to, so that the promise is exact. */
  readonly factorInUse: number | null;
  /** Percent of unseen phases that may need more. */
  readonly atMostPct: number;
  /** Phases the bound rests on; of each, its worst sample counts. */
  readonly phases: number;
  /** How many of them have a call that was cut off: they count as needing more than any bound. */
  readonly cutOff: number;
  /** The position of the bound among them, counted from the smallest. */
  readonly rank: number | null;
  /** How many more phases without a cut-off call a bound needs; 0 where there is one. */
  readonly missing: number;
  /** The other promise: to be sure that so many phases fit. 95 % of them, and 90 %. */
  readonly tolerance: readonly ToleranceBound[];
  /** The percentage of phases that `factor` serves, with 95 % confidence at least. */
  readonly surePct: number | null;
  /** One or two sentences: what the bound promises, and on which ground. */
  readonly statement: string;
}

/** The safety factor that makes it so sure that so many phases fit. */
export interface ToleranceBound {
  readonly contentPct: number;
  readonly confidencePct: number;
  /** `null` where phases are missing. */
  readonly factor: number | null;
  readonly missing: number;
}

/** Later phases, judged by what earlier ones would have proposed. */
export interface ForwardPart {
  readonly earlier: number;
  readonly later: number;
  /** How many of the later ones needed more. */
  readonly exceeding: number;
  /** The chance of so many or more, were all phases of one kind in time. */
  readonly chance: number;
}

/** The proposal judged forward in time. */
export interface ForwardFigures {
  readonly parts: readonly ForwardPart[];
  /** Of the parts together. */
  readonly pValue: number;
}

/** What would change, in few figures. */
export interface CalibrationEffect {
  /** Predicted output tokens, the mean over phases. */
  readonly tokensBefore: number;
  readonly tokensAfter: number;
  /** The list price of these tokens, in US dollars; `null` where a model has none. */
  readonly costBefore: number | null;
  readonly costAfter: number | null;
  /** Percent of phases. */
  readonly underestimatedBefore: number;
  readonly underestimatedAfter: number;
  /** One sentence that says the same. */
  readonly summary: string;
}

/** Phases that a calibration still lacks. */
export interface MissingEvidence {
  /** In all, without a cut-off call. */
  readonly phases: number;
  /** Of kinds that could not be judged. */
  readonly kinds: readonly {
    readonly category: string;
    readonly complexity: string;
    readonly phases: number;
  }[];
  /** Phases with a clean sample whose deliverables are not known, so that no coefficient can be fitted to them. */
  readonly withoutDeliverables: number;
  /** What there must be another of: category, complexity, number of deliverables. */
  readonly other: readonly string[];
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
  /** What would change; `null` where nothing can be judged. */
  readonly effect: CalibrationEffect | null;
  /** Phases with clean samples. */
  readonly phases: number;
  /** How many clean samples have known deliverables, as the fit of the coefficients needs. */
  readonly withDeliverables: number;
  /** actual / predicted of all clean samples, as recorded; `null` without one. */
  readonly ratio: RatioDistribution | null;
  readonly budgetRisk: RiskInterval | null;
  readonly drift: DriftFigures;
  /** Sorted by category, then low, medium, high. */
  readonly groups: readonly CalibrationGroup[];
  readonly safeBudget: SafeBudget;
  readonly validation: BeforeAfter | null;
  /** `null` where too few phases have a known time. */
  readonly forward: ForwardFigures | null;
  /** Computed even where the proposal is withheld, for the record; empty where nothing could be fitted. */
  readonly coefficients: readonly CoefficientChange[];
  /** What to seed so that more can be judged. */
  readonly toSeed: MissingEvidence;
  /** What is not certain about this evidence, in sentences. */
  readonly caveats: readonly string[];
}
