import { html } from '../dom.ts';
import type { Child } from '../dom.ts';

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
