import type { RatioCurves } from '../../core/telemetry/page/ratioCurves.ts';
import { formatQuantile } from '../../core/telemetry/report/reportSections.ts';
import { t } from '../../core/text/l10n.ts';
import { formatCount, formatRatio } from '../../core/text/quantities.ts';
import type { PageState } from '../model/pageState.ts';
import { html, Region, type Child } from './dom.ts';
import { button, type PageActions } from './pageActions.ts';

/** A column of a table. */
export interface DataColumn {
  readonly label: string;
  readonly numeric?: boolean;
}

/** What stands in a row, in the order of the columns; the first names the row. */
export type DataRow = readonly Child[];

/** A table that scrolls within itself. `name` is told to assistive technology and is unique on the page. */
export function dataTable(name: string, columns: readonly DataColumn[], rows: readonly DataRow[]): Node {
  const classOf = (at: number): string | null => (columns[at]?.numeric === true ? 'number' : null);
  const head = columns.map(({ label }, at) => html('th', { scope: 'col', class: classOf(at) }, label));
  const body = rows.map(([first = null, ...rest]) =>
    html(
      'tr',
      {},
      html('th', { scope: 'row', class: classOf(0) }, first),
      ...rest.map((cell, at) => html('td', { class: classOf(at + 1) }, cell)),
    ),
  );
  return html(
    'div',
    { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': name, 'data-key': name },
    html('table', {}, html('thead', {}, html('tr', {}, ...head)), html('tbody', {}, ...body)),
  );
}

/** A table that is built only when it is folded out, and stays as a person left it. */
export class FoldedTable {
  readonly node: HTMLDetailsElement;
  readonly #body = new Region();
  #from: readonly unknown[] = [];
  #build: () => Node = () => html('div');

  constructor(name: string, summary: string, { openTables }: PageState, actions: PageActions) {
    this.node = html(
      'details',
      { class: 'folded', open: openTables.includes(name) },
      html('summary', { 'data-key': `table-${name}` }, summary),
      this.#body.node,
    );
    this.node.addEventListener('toggle', () => {
      actions.setTableOpen(name, this.node.open);
      this.#render();
    });
  }

  /** `from` is all that `build` uses. */
  show(from: readonly unknown[], build: () => Node): void {
    this.#from = from;
    this.#build = build;
    this.#render();
  }

  #render(): void {
    if (this.node.open) this.#body.update(this.#from, () => [this.#build()]);
  }
}

/** How many rows are shown at first, and more each time. */
const page = 50;

/** What makes one table different from another. */
export interface PagedTableOptions<Row> {
  /** Unique on the page: the key of what is kept folded out. */
  readonly id: string;
  /** What folds it out. */
  readonly summary: string;
  /** What it shows, for assistive technology; unique on the page. */
  readonly name: string;
  readonly columns: readonly DataColumn[];
  readonly cells: (row: Row) => DataRow;
}

/** A folded table of many rows, some at a time. */
export class PagedTable<Row> {
  readonly #table: FoldedTable;
  readonly #options: PagedTableOptions<Row>;
  #rows: readonly Row[] = [];
  #shown = page;

  constructor(options: PagedTableOptions<Row>, state: PageState, actions: PageActions) {
    this.#options = options;
    this.#table = new FoldedTable(options.id, options.summary, state, actions);
  }

  get node(): HTMLElement {
    return this.#table.node;
  }

  show(rows: readonly Row[]): void {
    if (rows === this.#rows) return;
    this.#rows = rows;
    this.#render();
  }

  #render(): void {
    const { name, columns, cells } = this.#options;
    this.#table.show([this.#rows, this.#shown], () => {
      const rows = this.#rows.slice(0, this.#shown).map(cells);
      const rest = this.#rows.length - rows.length;
      const more = (): void => {
        this.#shown += page;
        this.#render();
      };
      return html(
        'div',
        {},
        dataTable(name, columns, rows),
        rest > 0 && html('p', {}, button(t`Show More (${formatCount(rest)} left)`, more)),
      );
    });
  }
}

/** The quantiles of both curves, beside each other. */
export function quantileTable({ quantiles, largest }: RatioCurves): Node {
  return dataTable(
    t`Quantiles of actual / predicted`,
    [
      { label: t`Quantile` },
      { label: t`Clean samples alone`, numeric: true },
      { label: t`Truncated as lower bounds (95 %)`, numeric: true },
    ],
    quantiles.map((quantile) => [
      `P${100 * quantile.probability}`,
      formatRatio(quantile.plain),
      formatQuantile(quantile, largest),
    ]),
  );
}
