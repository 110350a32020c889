import { telemetryLimits } from '../../core/telemetry/analysis/telemetryGates.ts';
import type { ModelDrift, ModelFigures } from '../../core/telemetry/page/modelFigures.ts';
import type { RatioTrend } from '../../core/telemetry/page/ratioTrend.ts';
import { formatP, formatRisk } from '../../core/telemetry/report/reportSections.ts';
import { formatCount, formatRatio } from '../../core/text/quantities.ts';
import { formatMinute } from '../../core/text/times.ts';
import { html } from '../elements/dom.ts';
import type { ReportContent } from '../model/pageModel.ts';
import type { TableSort } from '../model/tableSort.ts';
import { dataTable } from '../elements/dataTable.ts';
import type { PageActions } from '../elements/pageActions.ts';
import { sortableTable, type SortableColumn } from '../elements/sortableTable.ts';

type Column = SortableColumn<ModelFigures>;

const count = (id: 'samples' | 'clean', label: string): Column => ({
  id,
  label,
  numeric: true,
  sortBy: (figures) => figures[id],
  text: (figures) => formatCount(figures[id]),
});
const rate = (id: 'underestimation' | 'truncation', label: string, limit: number): Column => ({
  id,
  label,
  numeric: true,
  sortBy: (figures) => figures[id]?.ratePct ?? null,
  text: (figures) => formatRisk(figures[id]),
  isOver: (figures) => (figures[id]?.ratePct ?? 0) > limit,
});
const waste = (id: 'wasteMedian' | 'wasteP90', label: string): Column => ({
  id,
  label,
  numeric: true,
  sortBy: (figures) => figures[id],
  text: (figures) => formatRatio(figures[id]),
});

const columns: readonly Column[] = [
  {
    id: 'model',
    label: 'Model',
    numeric: false,
    sortBy: ({ model }) => model,
    text: ({ model }) => model,
  },
  count('samples', 'Samples'),
  count('clean', 'Clean'),
  rate('underestimation', 'Underestimated (95 %)', telemetryLimits.underestimationPct),
  rate('truncation', 'Truncated (95 %)', telemetryLimits.truncationPct),
  waste('wasteMedian', 'Waste, median'),
  waste('wasteP90', 'Waste, p90'),
  {
    id: 'drift',
    label: 'Drift',
    numeric: true,
    sortBy: ({ drift }) => drift?.factor ?? null,
    text: ({ drift }) => driftText(drift),
    isOver: ({ drift }) => drift?.blocking === true,
  },
];

/** The figures of each model, as a table that can be sorted by any column. */
export function modelTable(
  { models, modelsOutdated }: Pick<ReportContent, 'models' | 'modelsOutdated'>,
  modelSort: TableSort | null,
  actions: PageActions,
): Node {
  if (models === null) return html('p', { class: 'missing' }, 'Comparing models…');
  if (models.kind === 'failed') {
    return html('p', { class: 'missing' }, `${models.error.message} ${models.error.nextStep}`);
  }
  return html(
    'div',
    { class: modelsOutdated ? 'outdated' : null, 'aria-busy': modelsOutdated },
    sortableTable({
      id: 'models',
      name: 'Figures by model',
      columns,
      rows: models.value,
      sort: modelSort,
      setSort: (sort) => actions.setState({ modelSort: sort }),
    }),
    html(
      'p',
      { class: 'hint' },
      'Drift is actual / predicted against other models, kinds of phases held equal, by clean samples: 1.00 x is none, ',
      '– where too few phases tell. Marked where it is certain and of 25 % or more, too much for one calibration.',
    ),
  );
}

function driftText(drift: ModelDrift | null): string {
  if (drift === null) return formatRatio(null);
  const { factor, pValue, against } = drift;
  return `${formatRatio(factor)} of ${against ?? 'the others'}, ${formatP(pValue)}`;
}

/** The running median by time. */
export function trendTable({ medians, window }: RatioTrend): Node {
  return dataTable(
    'Running median of actual / predicted',
    [{ label: 'Time' }, { label: `Median of ${window}`, numeric: true }],
    medians.map(({ at, ratio }) => [formatMinute(at), formatRatio(ratio)]),
  );
}
