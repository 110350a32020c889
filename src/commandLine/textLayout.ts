import { printable } from '../core/text/printable.ts';
import { displayWidth } from './displayWidth.ts';

/** How much of a cell is shown, in UTF-16 units. */
const longestCell = 1000;

/** Lays rows out in columns, two spaces apart, each as wide as its widest cell; columns named in `right` are right-aligned. */
export function alignColumns(
  foreignRows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string[] {
  const rows = foreignRows.map((row) => row.map((cell) => printable(cell, longestCell)));
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries())
      widths[column] = Math.max(widths[column] ?? 0, displayWidth(cell));
  }
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const room = ' '.repeat((widths[column] ?? 0) - displayWidth(cell));
        return right.includes(column) ? room + cell : cell + room;
      })
      .join('  ')
      .trimEnd(),
  );
}

/** How much of one line is shown, in UTF-16 units: longer than any message of ours, shorter than a planted one. */
const longestLine = 4000;

/** Lines for a terminal, each safe to show and surely one: foreign text in it can start no other line. */
export function textLines(lines: readonly string[]): string {
  return lines.map((line) => printable(line, longestLine)).join('\n');
}
