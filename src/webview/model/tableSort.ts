/** What a column is sorted by: `null` stands for no figure. */
export type SortValue = number | string | null;

/** By which column a table is sorted. */
export interface TableSort {
  readonly column: string;
  readonly descending: boolean;
}

/** The sort after its column's header was pressed: the other way round, or first the largest for a new column of numbers. */
export function nextSort(current: TableSort | null, column: string, numeric: boolean): TableSort {
  if (current?.column === column) return { column, descending: !current.descending };
  return { column, descending: numeric };
}

/** The rows sorted by a value; rows without one come last either way, and equal ones keep their order. */
export function sortRows<Row>(
  rows: readonly Row[],
  valueOf: (row: Row) => SortValue,
  descending: boolean,
): Row[] {
  const direction = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [left, right] = [valueOf(a), valueOf(b)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    if (left === right) return 0;
    return left < right ? -direction : direction;
  });
}
