import { formatCount, formatRatio } from '../../core/telemetry/formatFigures.ts';
import type { ScatterPoint, TelemetryView } from '../../core/telemetry/telemetryView.ts';
import { html, replaceContent } from '../dom.ts';
import { button } from '../parts/actionButton.ts';
import type { PageActions } from '../parts/pageActions.ts';
import { markerIcon } from './markerIcon.ts';

/** How many rows are shown at first, and more each time. */
const page = 50;

const heads = ['Phase', 'Category', 'Complexity', 'Predicted', 'Actual', 'Ratio', 'Worth'];
const numeric = new Set(['Predicted', 'Actual', 'Ratio']);

/** The points of the chart as a table, those that used most beyond their prediction first. The ratio is actual / predicted. */
export class PointTable {
  readonly node: HTMLDetailsElement;
  readonly #actions: PageActions;
  readonly #body = html('div');
  #view: TelemetryView | null = null;
  #sorted: readonly ScatterPoint[] = [];
  #shown = page;

  constructor(open: boolean, actions: PageActions) {
    this.#actions = actions;
    this.node = html(
      'details',
      { class: 'points', open },
      html('summary', {}, 'The points as a table'),
      this.#body,
    );
    this.node.addEventListener('toggle', () => {
      actions.setState({ pointsOpen: this.node.open });
      this.#render();
    });
  }

  show(view: TelemetryView): void {
    if (view === this.#view) return;
    this.#view = view;
    this.#sorted = [...view.points].sort((a, b) => b.actual / b.predicted - a.actual / a.predicted);
    this.#render();
  }

  #render(): void {
    if (this.#view === null || !this.node.open) return;
    const { categories } = this.#view;
    const rows = this.#sorted.slice(0, this.#shown).map((point) => this.#row(point, categories));
    const rest = this.#sorted.length - rows.length;
    const header = heads.map((head) =>
      html('th', { scope: 'col', class: numeric.has(head) ? 'number' : null }, head),
    );
    replaceContent(
      this.#body,
      html(
        'div',
        { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': 'Points', 'data-key': 'points' },
        html('table', {}, html('thead', {}, html('tr', {}, ...header)), html('tbody', {}, ...rows)),
      ),
      rest > 0 &&
        html(
          'p',
          {},
          button(`Show More (${formatCount(rest)} left)`, () => this.#more()),
        ),
    );
  }

  #more(): void {
    this.#shown += page;
    this.#render();
  }

  #row(point: ScatterPoint, categories: readonly string[]): Node {
    const { runId, phaseId, predicted, actual } = point;
    const open = (): void => this.#actions.openPhase({ runId, phaseId });
    const name = `${runId} / ${phaseId}`;
    const cell = (text: string): Node => html('td', {}, text);
    const number = (text: string): Node => html('td', { class: 'number' }, text);
    return html(
      'tr',
      {},
      html(
        'th',
        { scope: 'row' },
        point.known ? html('button', { type: 'button', class: 'link', onclick: open }, name) : name,
      ),
      cell(categories[point.category] ?? ''),
      cell(point.complexity),
      number(formatCount(predicted)),
      number(formatCount(actual)),
      number(formatRatio(actual / predicted)),
      html('td', {}, markerIcon(point.quality), point.quality),
    );
  }
}
