import { formatCount, formatRatio } from '../../core/text/quantities.ts';
import type { ScatterPoint } from '../../core/telemetry/page/scatterPoints.ts';
import type { TelemetryView } from '../../core/telemetry/page/telemetryView.ts';
import { qualityName, reasonName } from '../../core/telemetry/page/sampleWords.ts';
import { t } from '../../core/text/l10n.ts';
import { html } from '../elements/dom.ts';
import type { PageState } from '../model/pageState.ts';
import { PagedTable, type DataColumn, type DataRow } from '../elements/dataTable.ts';
import { phaseLink, type PageActions } from '../elements/pageActions.ts';
import { markerIcon } from './markers.ts';

const columns = (): readonly DataColumn[] => [
  { label: t`Phase` },
  { label: t`Category` },
  { label: t`Complexity` },
  { label: t`Predicted (tokens)`, numeric: true },
  { label: t`Actual (tokens)`, numeric: true },
  { label: t`Actual / predicted`, numeric: true },
  { label: t`Limit (tokens)`, numeric: true },
  { label: t`Quality` },
];

/** The points of the chart as a table, those that used most beyond their prediction first. */
export class PointTable {
  readonly #table: PagedTable<ScatterPoint>;
  #view: TelemetryView | null = null;

  constructor(state: PageState, actions: PageActions) {
    const cells = (point: ScatterPoint): DataRow => this.#cells(point, actions);
    this.#table = new PagedTable(
      { id: 'points', summary: t`The points as a table`, name: t`Points`, columns: columns(), cells },
      state,
      actions,
    );
  }

  get node(): HTMLElement {
    return this.#table.node;
  }

  show(view: TelemetryView): void {
    if (view === this.#view) return;
    this.#view = view;
    this.#table.show([...view.points].sort((a, b) => b.actual / b.predicted - a.actual / a.predicted));
  }

  #cells(point: ScatterPoint, actions: PageActions): DataRow {
    const { predicted, actual, limit, quality, reasons } = point;
    const why = reasons.length === 0 ? '' : `: ${reasons.map(reasonName).join(', ')}`;
    return [
      phaseLink(point, actions),
      this.#view?.categories[point.category] ?? '',
      point.complexity,
      formatCount(predicted),
      formatCount(actual),
      formatRatio(actual / predicted),
      limit === null ? '–' : formatCount(limit),
      html('span', {}, markerIcon(quality), `${qualityName(quality)}${why}`),
    ];
  }
}
