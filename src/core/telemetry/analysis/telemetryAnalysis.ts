import { formatCount, formatPercent, noFigure } from '../../text/quantities.ts';
import type { DeliverableBucket } from '../../model/sampleKind.ts';
import { t } from '../../text/l10n.ts';
import type { QualityCounts, SuspicionCounts } from '../samples/sampleQuality.ts';

/** What to analyse and how. */
export interface TelemetryOptions {
  /** Analyse only samples whose phase succeeded; the house rule for anything that leads to a calibration. */
  readonly successOnly: boolean;
  /** Split the groups by deliverable bucket as well. */
  readonly stratify: boolean;
  /** A sample is underestimated if actual > predicted x this tolerance; 1 by default, above 0. */
  readonly underMultiplier: number;
  /** Whether recorded-example samples are in the figures; they are by default, and are never evidence. */
  readonly includeSynthetic?: boolean;
}

/** The options an analysis starts from. */
export const defaultTelemetryOptions: Required<TelemetryOptions> = {
  successOnly: true,
  stratify: false,
  underMultiplier: 1,
  includeSynthetic: true,
};

/**
 * Risk: how often the budget would have been too small. Rates are percent of the samples they are over, `null` without any;
 * that of truncation is over those that tell it.
 */
export interface RiskFigures {
  readonly underestimationRatePct: number | null;
  readonly underestimationCount: number;
  readonly truncationRatePct: number | null;
  readonly truncationCount: number;
}

/** Cost: predicted / actual, over samples with positive numbers; `null` without any. */
export interface CostFigures {
  readonly wasteMedian: number | null;
  readonly wasteP90: number | null;
  readonly wasteMean: number | null;
}

/** SMAPE in percent (0 to 200) over samples that were not truncated, for a truncated one is only a lower bound. */
export interface DiagnosticFigures {
  readonly smapeMean: number | null;
  readonly smapeMedian: number | null;
  /** How many samples were not truncated. */
  readonly nonTruncated: number;
}

/** The figures of one kind of phase. */
export interface TelemetryGroup extends RiskFigures, CostFigures, DiagnosticFigures {
  readonly category: string;
  readonly complexity: string;
  /** `null` where the analysis is not stratified: all buckets together. */
  readonly deliverables: DeliverableBucket | null;
  /** Analysed samples of this kind. */
  readonly samples: number;
  /** How many of them are synthetic. */
  readonly synthetic: number;
  /** How many of them count as evidence. */
  readonly clean: number;
}

/** The name of a condition that telemetry must meet before anything is tuned by it. */
export type TelemetryGateId = 'underestimation' | 'truncation' | 'clean-samples';

/** One condition, judged on real samples only: synthetic ones never open a gate. */
export interface TelemetryGate {
  readonly id: TelemetryGateId;
  readonly label: string;
  /** In `unit`; `null` where there is nothing to judge by, and then the gate is not passed. */
  readonly value: number | null;
  readonly limit: number;
  readonly comparison: 'at-most' | 'at-least';
  readonly unit: 'percent' | 'phases';
  readonly passed: boolean;
  /** One sentence in words: what was found, and what was left out. */
  readonly detail: string;
}

/** What the telemetry of one database says. Tokens are output tokens. Field names are those of `analyze --json`. */
export interface TelemetryAnalysis {
  readonly options: Required<TelemetryOptions>;
  /** All samples in the database. */
  readonly samples: number;
  /** Those the figures below are over. */
  readonly analysed: number;
  /** How many of all samples are synthetic: recorded answers of the example, not evidence. */
  readonly synthetic: number;
  /** Every sample is in exactly one class. */
  readonly quality: QualityCounts;
  /** What speaks against the suspect samples; one may count for several reasons. */
  readonly suspicions: SuspicionCounts;
  readonly tier1: RiskFigures & {
    /** Over all samples that tell it, whatever the options. */
    readonly successRatePct: number | null;
  };
  readonly tier2: CostFigures;
  readonly diagnostic: DiagnosticFigures;
  /** Sorted by category, complexity (low, medium, high, others) and bucket. */
  readonly groups: readonly TelemetryGroup[];
  readonly gates: readonly TelemetryGate[];
}

/** What a gate found: `40.0 %`, `12`. */
export function formatGateValue(gate: TelemetryGate): string {
  if (gate.unit === 'percent') return formatPercent(gate.value, gate.limit);
  return gate.value === null ? noFigure : formatCount(gate.value);
}

/** What a gate asks for, in words: `at most 5 %`, `at least 20`. */
export function formatGateLimit(gate: TelemetryGate): string {
  const limit = `${gate.limit}${gate.unit === 'percent' ? ' %' : ''}`;
  return gate.comparison === 'at-most' ? t`at most ${limit}` : t`at least ${limit}`;
}

/** How a gate stands, in words. */
export function gateVerdict(gate: TelemetryGate): string {
  if (gate.passed) return t`Passed`;
  return gate.value === null ? t`Not judged` : t`Not passed`;
}
