import type {
  BeforeAfter,
  CalibrationGroup,
  CoefficientChange,
  PredictionFigures,
} from '../../core/telemetry/calibration/calibrationProposal.ts';
import { coefficientUnit } from '../../core/telemetry/estimator/estimator.ts';
import {
  counted,
  formatCount,
  formatPercent,
  formatRatio,
  formatDecimal,
  formatNumber,
} from '../../core/text/quantities.ts';
import type { Interval } from '../../core/telemetry/statistics/interval.ts';
import { contextual, t } from '../../core/text/l10n.ts';
import { html } from '../elements/dom.ts';
import { dataTable } from '../elements/dataTable.ts';

/** What each action of a group is called. */
const actionWords = (): Readonly<Record<CalibrationGroup['action'], string>> => ({
  propose: contextual('action')`change`,
  keep: contextual('action')`keep`,
  wait: contextual('action')`wait`,
});

/** Error, underestimation and waste, each phase judged without its own samples. */
export function effectTable({ before, after, errorChange }: BeforeAfter): Node {
  const row = (label: string, text: (figures: PredictionFigures) => string): readonly string[] => [
    label,
    text(before),
    text(after),
  ];
  const error = errorChange === null ? t`Error, median` : t`Error, median (change ${signed(errorChange)})`;
  return dataTable(
    t`Predictions before and after the proposal`,
    [{ label: t`Figure` }, { label: t`Before`, numeric: true }, { label: t`After`, numeric: true }],
    [
      row(error, ({ errorMedianPct }) => formatPercent(errorMedianPct)),
      row(t`Phases underestimated (95 %)`, ({ underestimation: { ratePct, interval } }) => {
        return `${formatPercent(ratePct)} (${percents(interval)})`;
      }),
      row(t`Waste, median`, ({ wasteMedian }) => formatRatio(wasteMedian)),
      row(t`Waste, P90`, ({ wasteP90 }) => formatRatio(wasteP90)),
      row(t`Waste, mean`, ({ wasteMean }) => formatRatio(wasteMean)),
      row(t`Predicted tokens per phase`, ({ tokensPerPhase }) => formatCount(Math.round(tokensPerPhase))),
      row(t`Phases`, ({ underestimation }) => formatCount(underestimation.samples)),
      row(t`Clean samples`, ({ samples }) => formatCount(samples)),
    ],
  );
}

/** What is proposed for each kind of phase: the reasons as text, which a table would cut, and the figures. */
export function groupProposals(groups: readonly CalibrationGroup[]): Node {
  const reasons = groups.map(({ category, complexity, action, reasoning }) =>
    html('li', {}, html('strong', {}, `${category}, ${complexity}: ${actionWords()[action]}. `), reasoning),
  );
  return html(
    'div',
    {},
    html('ul', { class: 'reasons-why', 'aria-label': t`Reasons by kind of phase` }, ...reasons),
    groupTable(groups),
  );
}

function groupTable(groups: readonly CalibrationGroup[]): Node {
  return dataTable(
    t`Proposals by kind of phase`,
    [
      { label: t`Kind` },
      { label: t`Clean samples`, numeric: true },
      { label: t`Phases`, numeric: true },
      { label: t`Action` },
      { label: t`Factor (95 %)`, numeric: true },
      { label: t`Error`, numeric: true },
      { label: t`Phases underestimated`, numeric: true },
      { label: t`Waste, median`, numeric: true },
      { label: t`Waste, P90`, numeric: true },
      { label: t`Safety factor of its own`, numeric: true },
    ],
    groups.map(({ category, complexity, samples, phases, action, estimate, validation, bound }) => [
      `${category}, ${complexity}`,
      formatCount(samples),
      formatCount(phases),
      actionWords()[action],
      estimate === null ? '–' : `${formatRatio(estimate.pooledFactor)} (${ratios(estimate.interval)})`,
      change(validation, ({ errorMedianPct }) => formatPercent(errorMedianPct)),
      change(validation, ({ underestimation }) => formatPercent(underestimation.ratePct)),
      change(validation, ({ wasteMedian }) => formatRatio(wasteMedian)),
      change(validation, ({ wasteP90 }) => formatRatio(wasteP90)),
      bound.factor === null ? counted(bound.missing, 'more phase') : formatDecimal(bound.factor, 2),
    ]),
  );
}

/** The coefficients that would change. */
export function coefficientTable(changes: readonly CoefficientChange[]): Node {
  return dataTable(
    t`Coefficients before and after the proposal`,
    [{ label: t`Coefficient` }, { label: t`Before`, numeric: true }, { label: t`After`, numeric: true }],
    changes.map(({ path, before, after }) => [path.join('.'), valueOf(path, before), valueOf(path, after)]),
  );
}

function change(validation: BeforeAfter | null, text: (figures: PredictionFigures) => string): string {
  return validation === null ? t`not judged` : `${text(validation.before)} → ${text(validation.after)}`;
}

function percents({ low, high }: Interval): string {
  return t`${formatPercent(low)} to ${formatPercent(high)}`;
}

function ratios({ low, high }: Interval): string {
  return t`${formatDecimal(low, 2)} to ${formatDecimal(high, 2)}`;
}

function signed({ low, high }: Interval): string {
  const points = (value: number): string => `${value > 0 ? '+' : ''}${formatDecimal(value, 1)}`;
  return t`${points(low)} to ${points(high)} points`;
}

function valueOf(path: readonly string[], value: number): string {
  return `${formatNumber(value, 2)} ${coefficientUnit(path)}`;
}
