import { t } from '../../core/text/l10n.ts';
import { nextSort, sortRows, type SortValue, type TableSort } from '../model/tableSort.ts';
import { html, icon } from './dom.ts';

/** A column: what stands in it, and by what it is sorted. */
export interface SortableColumn<Row> {
  readonly id: string;
  readonly label: string;
  readonly numeric: boolean;
  readonly sortBy: (row: Row) => SortValue;
  readonly text: (row: Row) => string;
  /** Whether the figure is above what its gate allows. */
  readonly isOver?: (row: Row) => boolean;
}

/** What a table shows. */
export interface SortableTableOptions<Row> {
  /** Unique on the page. */
  readonly id: string;
  /** Told to assistive technology; unique on the page. */
  readonly name: string;
  /** The first names the row. */
  readonly columns: readonly SortableColumn<Row>[];
  readonly rows: readonly Row[];
  /** `null` leaves the rows as they come. */
  readonly sort: TableSort | null;
  readonly setSort: (sort: TableSort) => void;
}

/** A table that can be sorted by any column. */
export function sortableTable<Row>(options: SortableTableOptions<Row>): Node {
  const { id, name, columns, rows, sort } = options;
  const by = columns.find((column) => column.id === sort?.column);
  const sorted = by === undefined || sort === null ? rows : sortRows(rows, by.sortBy, sort.descending);
  return html(
    'div',
    { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': name, 'data-key': id },
    html(
      'table',
      { class: id },
      html('thead', {}, html('tr', {}, ...columns.map((column) => header(column, options)))),
      html(
        'tbody',
        {},
        ...sorted.map((row) => html('tr', {}, ...columns.map((column, at) => cell(column, row, at === 0)))),
      ),
    ),
  );
}

function header<Row>(
  { id, label, numeric }: SortableColumn<Row>,
  { id: table, sort, setSort }: SortableTableOptions<Row>,
): Node {
  const sorted = sort?.column === id ? sort : null;
  const direction = sorted?.descending === true ? 'descending' : 'ascending';
  const press = html(
    'button',
    {
      type: 'button',
      'data-key': `sort-${table}-${id}`,
      onclick: () => setSort(nextSort(sort, id, numeric)),
    },
    label,
    sorted !== null && icon(sorted.descending ? 'down' : 'up'),
  );
  return html(
    'th',
    { scope: 'col', class: numeric ? 'number' : null, 'aria-sort': sorted === null ? null : direction },
    press,
  );
}

function cell<Row>(column: SortableColumn<Row>, row: Row, first: boolean): Node {
  const text = column.text(row);
  if (first) return html('th', { scope: 'row' }, text);
  if (column.isOver?.(row) !== true) return html('td', { class: column.numeric ? 'number' : null }, text);
  return html(
    'td',
    { class: 'number over' },
    icon('warning'),
    text,
    html('span', { class: 'hidden' }, t`, above the limit`),
  );
}
