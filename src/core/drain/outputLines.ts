import { cutStart, stripAnsi } from '../text/printable.ts';

/** How much of one line is kept, in characters. */
const longestLine = 1000;

/** Where, in a long line, what went wrong is announced. */
const announced = /\b(?:[\w.]{1,100}(?:Error|Exception)|error code|fatal|failed)\b/gi;

/**
 * The lines of an executor's output as a person reads them: without colors, ended by carriage returns too (progress bars
 * overwrite themselves), without SQL statements that SQLAlchemy quotes (their columns are named like errors), of a long
 * line its end.
 */
export function outputLines(output: string): string[] {
  const lines = stripAnsi(output).split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/);
  const kept: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (/^\s*\[(?:SQL|parameters): /.test(line)) {
      const end = endOfQuote(lines, at);
      at = end;
      continue;
    }
    kept.push(shorten(line));
  }
  return kept;
}

/** The line on which a quoted statement ends; the line itself where it does not end. */
function endOfQuote(lines: readonly string[], start: number): number {
  for (let at = start; at < Math.min(lines.length, start + 200); at++) {
    if (/\]\s*$/.test((lines[at] ?? '').slice(-20))) return at;
  }
  return start;
}

/** The end of a long line, from the last place at which it announces an error where there is one. */
function shorten(line: string): string {
  if (line.length <= longestLine) return line;
  const end = line.slice(-longestLine);
  const last = [...end.matchAll(announced)].at(-1);
  return last === undefined || last.index === 0 ? cutStart(line, longestLine) : `…${end.slice(last.index)}`;
}
