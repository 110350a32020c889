import type {
  BeforeAfter,
  CalibrationGroup,
  CoefficientChange,
  PredictionFigures,
} from '../../core/telemetry/calibration/calibrationProposal.ts';
import { coefficientUnit } from '../../core/telemetry/estimator/estimator.ts';
import { counted, formatCount, formatPercent, formatRatio } from '../../core/text/quantities.ts';
import type { Interval } from '../../core/telemetry/statistics/interval.ts';
import { html } from '../elements/dom.ts';
import { dataTable } from '../elements/dataTable.ts';

/** What each action of a group is called. */
const actionWords: Readonly<Record<CalibrationGroup['action'], string>> = {
  propose: 'change',
  keep: 'keep',
  wait: 'wait',
};

/** Error, underestimation and waste, each phase judged without its own samples. */
export function effectTable({ before, after, errorChange }: BeforeAfter): Node {
  const row = (label: string, text: (figures: PredictionFigures) => string): readonly string[] => [
    label,
    text(before),
    text(after),
  ];
  const change = errorChange === null ? '' : ` (change ${signed(errorChange)})`;
  return dataTable(
    'Predictions before and after the proposal',
    [{ label: 'Figure' }, { label: 'Before', numeric: true }, { label: 'After', numeric: true }],
    [
      row(`Error, median${change}`, ({ errorMedianPct }) => formatPercent(errorMedianPct)),
      row('Phases underestimated (95 %)', ({ underestimation: { ratePct, interval } }) => {
        return `${formatPercent(ratePct)} (${percents(interval)})`;
      }),
      row('Waste, median', ({ wasteMedian }) => formatRatio(wasteMedian)),
      row('Waste, P90', ({ wasteP90 }) => formatRatio(wasteP90)),
      row('Waste, mean', ({ wasteMean }) => formatRatio(wasteMean)),
      row('Predicted tokens per phase', ({ tokensPerPhase }) => formatCount(Math.round(tokensPerPhase))),
      row('Phases', ({ underestimation }) => formatCount(underestimation.samples)),
      row('Clean samples', ({ samples }) => formatCount(samples)),
    ],
  );
}

/** What is proposed for each kind of phase: the reasons as text, which a table would cut, and the figures. */
export function groupProposals(groups: readonly CalibrationGroup[]): Node {
  const reasons = groups.map(({ category, complexity, action, reasoning }) =>
    html('li', {}, html('strong', {}, `${category}, ${complexity}: ${actionWords[action]}. `), reasoning),
  );
  return html(
    'div',
    {},
    html('ul', { class: 'reasons-why', 'aria-label': 'Reasons by kind of phase' }, ...reasons),
    groupTable(groups),
  );
}

function groupTable(groups: readonly CalibrationGroup[]): Node {
  return dataTable(
    'Proposals by kind of phase',
    [
      { label: 'Kind' },
      { label: 'Clean samples', numeric: true },
      { label: 'Phases', numeric: true },
      { label: 'Action' },
      { label: 'Factor (95 %)', numeric: true },
      { label: 'Error', numeric: true },
      { label: 'Phases underestimated', numeric: true },
      { label: 'Waste, median', numeric: true },
      { label: 'Waste, P90', numeric: true },
      { label: 'Safety factor of its own', numeric: true },
    ],
    groups.map(({ category, complexity, samples, phases, action, estimate, validation, bound }) => [
      `${category}, ${complexity}`,
      formatCount(samples),
      formatCount(phases),
      actionWords[action],
      estimate === null ? '–' : `${formatRatio(estimate.pooledFactor)} (${ratios(estimate.interval)})`,
      change(validation, ({ errorMedianPct }) => formatPercent(errorMedianPct)),
      change(validation, ({ underestimation }) => formatPercent(underestimation.ratePct)),
      change(validation, ({ wasteMedian }) => formatRatio(wasteMedian)),
      change(validation, ({ wasteP90 }) => formatRatio(wasteP90)),
      bound.factor === null ? counted(bound.missing, 'more phase') : bound.factor.toFixed(2),
    ]),
  );
}

/** The coefficients that would change. */
export function coefficientTable(changes: readonly CoefficientChange[]): Node {
  return dataTable(
    'Coefficients before and after the proposal',
    [{ label: 'Coefficient' }, { label: 'Before', numeric: true }, { label: 'After', numeric: true }],
    changes.map(({ path, before, after }) => [path.join('.'), valueOf(path, before), valueOf(path, after)]),
  );
}

function change(validation: BeforeAfter | null, text: (figures: PredictionFigures) => string): string {
  return validation === null ? 'not judged' : `${text(validation.before)} → ${text(validation.after)}`;
}

function percents({ low, high }: Interval): string {
  return `${formatPercent(low)} to ${formatPercent(high)}`;
}

function ratios({ low, high }: Interval): string {
  return `${low.toFixed(2)} to ${high.toFixed(2)}`;
}

function signed({ low, high }: Interval): string {
  const points = (value: number): string => `${value > 0 ? '+' : ''}${value.toFixed(1)}`;
  return `${points(low)} to ${points(high)} points`;
}

function valueOf(path: readonly string[], value: number): string {
  return `${value.toLocaleString('en-US', { maximumFractionDigits: 2 })} ${coefficientUnit(path)}`;
}
