import { printable } from '../core/text/printable.ts';

/** How much of one line is shown, in UTF-16 units: longer than any message of ours, shorter than a planted one. */
const longestLine = 4000;

/** Lines for a terminal, each safe to show and surely one: foreign text in it can start no other line. */
export function textLines(lines: readonly string[]): string {
  return lines.map((line) => printable(line, longestLine)).join('\n');
}
