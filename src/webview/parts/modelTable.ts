import { telemetryLimits } from '../../core/telemetry/analysis/telemetryGates.ts';
import type { ModelDrift, ModelFigures } from '../../core/telemetry/page/modelFigures.ts';
import type { RatioTrend } from '../../core/telemetry/page/ratioTrend.ts';
import { formatP, formatRisk } from '../../core/telemetry/report/reportSections.ts';
import { contextual, t } from '../../core/text/l10n.ts';
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

const columns = (): readonly Column[] => [
  {
    id: 'model',
    label: t`Model`,
    numeric: false,
    sortBy: ({ model }) => model,
    text: ({ model }) => model,
  },
  count('samples', t`Samples`),
  count('clean', t`Clean`),
  rate('underestimation', t`Underestimated (95 %)`, telemetryLimits.underestimationPct),
  rate('truncation', t`Truncated (95 %)`, telemetryLimits.truncationPct),
  waste('wasteMedian', t`Waste, median`),
  waste('wasteP90', t`Waste, p90`),
  {
    id: 'drift',
    label: contextual('telemetry')`Drift`,
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
  if (models === null) return html('p', { class: 'missing' }, t`Comparing models…`);
  if (models.kind === 'failed') {
    return html('p', { class: 'missing' }, `${models.error.message} ${models.error.nextStep}`);
  }
  return html(
    'div',
    { class: modelsOutdated ? 'outdated' : null, 'aria-busy': modelsOutdated },
    sortableTable({
      id: 'models',
      name: t`Figures by model`,
      columns: columns(),
      rows: models.value,
      sort: modelSort,
      setSort: (sort) => actions.setState({ modelSort: sort }),
    }),
    html(
      'p',
      { class: 'hint' },
      t`Drift is actual / predicted against other models, kinds of phases held equal, by clean samples: 1.00 x is none, – where too few phases tell. Marked where it is certain and of 25 % or more, too much for one calibration.`,
    ),
  );
}

function driftText(drift: ModelDrift | null): string {
  if (drift === null) return formatRatio(null);
  const { factor, pValue, against } = drift;
  const [ratio, p] = [formatRatio(factor), formatP(pValue)];
  return against === null
    ? t`${ratio} of the others, ${p}`
    : contextual('model')`${ratio} of ${against}, ${p}`;
}

/** The running median by time. */
export function trendTable({ medians, window }: RatioTrend): Node {
  return dataTable(
    t`Running median of actual / predicted`,
    [{ label: t`Time` }, { label: t`Median of ${window}`, numeric: true }],
    medians.map(({ at, ratio }) => [formatMinute(at), formatRatio(ratio)]),
  );
}
