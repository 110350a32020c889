import { formatCount, formatPercent, formatRatio } from '../../core/telemetry/formatFigures.ts';
import { complexityRank } from '../../core/telemetry/sampleKind.ts';
import type { TelemetryAnalysis, TelemetryGroup } from '../../core/telemetry/telemetryAnalysis.ts';
import { telemetryLimits } from '../../core/telemetry/telemetryGates.ts';
import { html } from '../dom.ts';
import { icon } from '../icons.ts';
import { nextSort, sortRows } from '../tableSort.ts';
import type { SortValue, TableSort } from '../tableSort.ts';
import type { PageActions } from './pageActions.ts';

interface Column {
  readonly id: string;
  readonly label: string;
  readonly numeric: boolean;
  readonly sortBy: (group: TelemetryGroup) => SortValue;
  readonly text: (group: TelemetryGroup) => string;
  /** Whether the figure is above what its gate allows. */
  readonly isOver?: (group: TelemetryGroup) => boolean;
}

type FigureKey = 'underestimationRatePct' | 'truncationRatePct' | 'wasteMedian' | 'wasteP90' | 'smapeMedian';

const count = (id: 'samples' | 'clean', label: string): Column => ({
  id,
  label,
  numeric: true,
  sortBy: (group) => group[id],
  text: (group) => formatCount(group[id]),
});
const figure = (
  id: FigureKey,
  label: string,
  format: (value: number | null) => string,
  limit = Infinity,
): Column => ({
  id,
  label,
  numeric: true,
  sortBy: (group) => group[id],
  text: (group) => format(group[id]),
  isOver: (group) => (group[id] ?? 0) > limit,
});

const columns: readonly Column[] = [
  {
    id: 'category',
    label: 'Category',
    numeric: false,
    sortBy: (group) => group.category,
    text: (group) => group.category,
  },
  {
    id: 'complexity',
    label: 'Complexity',
    numeric: false,
    sortBy: (group) => complexityRank(group.complexity),
    text: (group) => group.complexity,
  },
  {
    id: 'deliverables',
    label: 'Deliverables',
    numeric: false,
    sortBy: (group) => group.deliverables,
    text: (group) => group.deliverables ?? '',
  },
  count('samples', 'Samples'),
  count('clean', 'Clean'),
  figure('underestimationRatePct', 'Underestimated', formatPercent, telemetryLimits.underestimationPct),
  figure('truncationRatePct', 'Truncated', formatPercent, telemetryLimits.truncationPct),
  figure('wasteMedian', 'Waste, median', formatRatio),
  figure('wasteP90', 'Waste, p90', formatRatio),
  figure('smapeMedian', 'SMAPE, median', formatPercent),
];

/** The groups as a table that can be sorted by any column. */
export function groupTable(
  analysis: TelemetryAnalysis,
  groupSort: TableSort | null,
  actions: PageActions,
): Node {
  const shown = columns.filter(({ id }) => id !== 'deliverables' || analysis.options.stratify);
  const by = shown.find(({ id }) => id === groupSort?.column);
  const rows =
    by === undefined || groupSort === null
      ? analysis.groups
      : sortRows(analysis.groups, by.sortBy, groupSort.descending);
  const setSort = (sort: TableSort): void => actions.setState({ groupSort: sort });
  return html(
    'div',
    {
      class: 'scroller',
      tabindex: 0,
      role: 'region',
      'aria-label': 'Figures by kind of phase',
      'data-key': 'groups',
    },
    html(
      'table',
      { class: 'groups' },
      html('thead', {}, html('tr', {}, ...shown.map((column) => header(column, groupSort, setSort)))),
      html(
        'tbody',
        {},
        ...rows.map((group) => html('tr', {}, ...shown.map((column) => cell(column, group)))),
      ),
    ),
  );
}

function header(column: Column, sort: TableSort | null, setSort: (sort: TableSort) => void): Node {
  const { id, label, numeric } = column;
  const sorted = sort?.column === id ? sort : null;
  const direction = sorted?.descending === true ? 'descending' : 'ascending';
  const press = html(
    'button',
    { type: 'button', 'data-key': `sort-${id}`, onclick: () => setSort(nextSort(sort, id, numeric)) },
    label,
    sorted !== null && icon(sorted.descending ? 'down' : 'up'),
  );
  return html(
    'th',
    { scope: 'col', class: numeric ? 'number' : null, 'aria-sort': sorted === null ? null : direction },
    press,
  );
}

function cell(column: Column, group: TelemetryGroup): Node {
  const text = column.text(group);
  if (column.id === 'category') return html('th', { scope: 'row' }, text);
  if (column.isOver?.(group) !== true) return html('td', { class: column.numeric ? 'number' : null }, text);
  return html(
    'td',
    { class: 'number over' },
    icon('warning'),
    text,
    html('span', { class: 'hidden' }, ', above the limit'),
  );
}
