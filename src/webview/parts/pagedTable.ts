import { formatCount } from '../../core/text/quantities.ts';
import { html } from '../dom.ts';
import type { PageState } from '../pageState.ts';
import { button } from './actionButton.ts';
import { dataTable } from './dataTable.ts';
import type { DataColumn, DataRow } from './dataTable.ts';
import { FoldedTable } from './foldedTable.ts';
import type { PageActions } from './pageActions.ts';

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
        rest > 0 && html('p', {}, button(`Show More (${formatCount(rest)} left)`, more)),
      );
    });
  }
}
