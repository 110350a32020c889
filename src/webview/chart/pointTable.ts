import { formatCount, formatRatio } from '../../core/telemetry/formatFigures.ts';
import type { ScatterPoint } from '../../core/telemetry/view/scatterPoint.ts';
import type { TelemetryView } from '../../core/telemetry/view/telemetryView.ts';
import { html } from '../dom.ts';
import type { PageState } from '../pageState.ts';
import { button } from '../parts/actionButton.ts';
import { dataTable } from '../parts/dataTable.ts';
import type { DataColumn, DataRow } from '../parts/dataTable.ts';
import { FoldedTable } from '../parts/foldedTable.ts';
import type { PageActions } from '../parts/pageActions.ts';
import { markerIcon } from './markerIcon.ts';

/** How many rows are shown at first, and more each time. */
const page = 50;

const columns: readonly DataColumn[] = [
  { label: 'Phase' },
  { label: 'Category' },
  { label: 'Complexity' },
  { label: 'Predicted', numeric: true },
  { label: 'Actual', numeric: true },
  { label: 'Ratio', numeric: true },
  { label: 'Limit', numeric: true },
  { label: 'Quality' },
];

/** The points of the chart as a table, those that used most beyond their prediction first. The ratio is actual / predicted. */
export class PointTable {
  readonly #table: FoldedTable;
  readonly #actions: PageActions;
  #view: TelemetryView | null = null;
  #sorted: readonly ScatterPoint[] = [];
  #shown = page;

  constructor(state: PageState, actions: PageActions) {
    this.#actions = actions;
    this.#table = new FoldedTable('points', 'The points as a table', state, actions);
  }

  get node(): HTMLElement {
    return this.#table.node;
  }

  show(view: TelemetryView): void {
    if (view === this.#view) return;
    this.#view = view;
    this.#sorted = [...view.points].sort((a, b) => b.actual / b.predicted - a.actual / a.predicted);
    this.#render(view);
  }

  #render(view: TelemetryView): void {
    this.#table.show([view, this.#shown], () => {
      const rows = this.#sorted.slice(0, this.#shown).map((point) => this.#row(point, view.categories));
      const rest = this.#sorted.length - rows.length;
      const more = (): void => {
        this.#shown += page;
        this.#render(view);
      };
      return html(
        'div',
        {},
        dataTable('Points', columns, rows),
        rest > 0 && html('p', {}, button(`Show More (${formatCount(rest)} left)`, more)),
      );
    });
  }

  #row(point: ScatterPoint, categories: readonly string[]): DataRow {
    const { runId, phaseId, predicted, actual, limit, quality } = point;
    const open = (): void => this.#actions.openPhase({ runId, phaseId });
    const name = `${runId} / ${phaseId}`;
    return [
      point.known ? html('button', { type: 'button', class: 'link', onclick: open }, name) : name,
      categories[point.category] ?? '',
      point.complexity,
      formatCount(predicted),
      formatCount(actual),
      formatRatio(actual / predicted),
      limit === null ? '–' : formatCount(limit),
      html('span', {}, markerIcon(quality), quality),
    ];
  }
}
