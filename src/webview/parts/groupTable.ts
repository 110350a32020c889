import { formatCount, formatPercent, formatRatio } from '../../core/text/quantities.ts';
import { complexityRank } from '../../core/model/sampleKind.ts';
import type { TelemetryAnalysis, TelemetryGroup } from '../../core/telemetry/analysis/telemetryAnalysis.ts';
import { telemetryLimits } from '../../core/telemetry/analysis/telemetryGates.ts';
import { t } from '../../core/text/l10n.ts';
import type { TableSort } from '../model/tableSort.ts';
import type { PageActions } from '../elements/pageActions.ts';
import { sortableTable, type SortableColumn } from '../elements/sortableTable.ts';

type Column = SortableColumn<TelemetryGroup>;
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

const columns = (): readonly Column[] => [
  {
    id: 'category',
    label: t`Category`,
    numeric: false,
    sortBy: (group) => group.category,
    text: (group) => group.category,
  },
  {
    id: 'complexity',
    label: t`Complexity`,
    numeric: false,
    sortBy: (group) => complexityRank(group.complexity),
    text: (group) => group.complexity,
  },
  {
    id: 'deliverables',
    label: t`Deliverables`,
    numeric: false,
    sortBy: (group) => group.deliverables,
    text: (group) => group.deliverables ?? '',
  },
  count('samples', t`Samples`),
  count('clean', t`Clean`),
  figure('underestimationRatePct', t`Underestimated`, formatPercent, telemetryLimits.underestimationPct),
  figure('truncationRatePct', t`Truncated`, formatPercent, telemetryLimits.truncationPct),
  figure('wasteMedian', t`Waste, median`, formatRatio),
  figure('wasteP90', t`Waste, p90`, formatRatio),
  figure('smapeMedian', t`SMAPE, median`, formatPercent),
];

/** The groups as a table that can be sorted by any column. */
export function groupTable(
  { groups, options }: TelemetryAnalysis,
  groupSort: TableSort | null,
  actions: PageActions,
): Node {
  return sortableTable({
    id: 'groups',
    name: t`Figures by kind of phase`,
    columns: columns().filter(({ id }) => id !== 'deliverables' || options.stratify),
    rows: groups,
    sort: groupSort,
    setSort: (sort) => actions.setState({ groupSort: sort }),
  });
}
