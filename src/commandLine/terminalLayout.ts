import { printable } from '../core/text/printable.ts';
import { cutToWidth, displayWidth, wrapToWidth } from './displayWidth.ts';
import { plainText, type Output, type OutputBlock, type OutputColumn, type OutputText } from './output.ts';
import { paint, type Style } from './terminalColors.ts';

/** Where output is shown. */
export interface TerminalFacts {
  /** In characters; `null` where lines may be of any length, as in a file. */
  readonly columns: number | null;
  readonly hasColor: boolean;
}

/** How much of one piece of output is shown, in UTF-16 units. */
const longestText = 4000;
const gap = '  ';
/** Narrower than this, nothing can be read in a column. */
const leastColumn = 12;

/** Output for a terminal, ending without a line break: each piece of it is safe to show, and in its style. */
export function terminalOutput(output: Output, terminal: TerminalFacts): string {
  const parts: string[] = [];
  for (const [index, block] of output.entries()) {
    const isApart = index > 0 && !(block.kind === 'lines' && output[index - 1]?.kind === 'lines');
    if (isApart) parts.push('');
    parts.push(...blockLines(block, terminal));
  }
  return parts.join('\n');
}

function blockLines(block: OutputBlock, terminal: TerminalFacts): string[] {
  switch (block.kind) {
    case 'heading':
      return [shown({ text: block.text, style: 'bold' }, terminal)];
    case 'prose':
      return wrapped(safe(block.text), terminal.columns);
    case 'lines':
      return block.lines.map((line) => shown(line, terminal));
    case 'quote':
      return block.text.split(/\r?\n/).map((line) => `  ${safe(line)}`);
    case 'list':
      return block.items.flatMap((item) => hanging('- ', item, terminal));
    case 'facts':
      return factLines(block.facts, terminal);
    case 'table':
      return tableLines(block.columns, block.rows, terminal);
  }
}

function factLines(
  facts: readonly (readonly [string, OutputText | null])[],
  terminal: TerminalFacts,
): string[] {
  const there = facts.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
  const width = there.reduce((most, [name]) => Math.max(most, displayWidth(name)), 0);
  return there.flatMap(([name, value]) => hanging(padded(name, width) + gap, value, terminal));
}

/** A text behind a head, whose further lines begin where its first does. */
function hanging(head: string, text: OutputText, terminal: TerminalFacts): string[] {
  const indent = displayWidth(head);
  const room = terminal.columns === null ? null : Math.max(leastColumn, terminal.columns - indent);
  return wrapped(safe(plainText(text)), room).map(
    (line, index) => (index === 0 ? head : ' '.repeat(indent)) + styled(line, styleOf(text), terminal),
  );
}

function tableLines(
  columns: readonly OutputColumn[],
  rows: readonly (readonly OutputText[])[],
  terminal: TerminalFacts,
): string[] {
  const titles = columns.map(({ title }) => safe(title));
  const cells = rows.map((row) => row.map((cell) => safe(plainText(cell))));
  const natural = titles.map((title, column) =>
    [title, ...cells.map((row) => row[column] ?? '')].reduce(
      (most, cell) => Math.max(most, displayWidth(cell)),
      0,
    ),
  );
  const widths = fittingWidths(columns, natural, terminal.columns);
  const line = (row: readonly string[], styles: readonly (Style | undefined)[]): string[] => {
    const pieces = columns.map(({ overflow }, column) => {
      const [cell = '', width = 0] = [row[column], widths[column]];
      return overflow === 'wrap'
        ? wrapToWidth(cell, width)
        : [overflow === 'cut' ? cutToWidth(cell, width) : cell];
    });
    const height = Math.max(...pieces.map(({ length }) => length));
    return Array.from({ length: height }, (_, at) =>
      columns
        .map(({ align }, column) => {
          const piece = pieces[column]?.[at] ?? '';
          const room = ' '.repeat(Math.max(0, (widths[column] ?? 0) - displayWidth(piece)));
          const text = styled(piece, styles[column], terminal);
          return align === 'right' ? room + text : text + room;
        })
        .join(gap)
        .trimEnd(),
    );
  };
  const head = line(
    titles,
    titles.map(() => 'bold'),
  );
  return [...head, ...cells.flatMap((row, at) => line(row, (rows[at] ?? []).map(styleOf)))];
}

/** The widest of the columns that can become narrower does so, until all fit. */
function fittingWidths(
  columns: readonly OutputColumn[],
  natural: readonly number[],
  room: number | null,
): readonly number[] {
  const widths = [...natural];
  if (room === null) return widths;
  let over = widths.reduce((sum, width) => sum + width, (columns.length - 1) * gap.length) - room;
  for (; over > 0; over--) {
    let widest = -1;
    for (const [column, { overflow }] of columns.entries()) {
      const width = overflow === undefined ? 0 : (widths[column] ?? 0);
      if (width > leastColumn && width > (widths[widest] ?? 0)) widest = column;
    }
    if (widest < 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function wrapped(text: string, columns: number | null): string[] {
  return columns === null ? [text] : wrapToWidth(text, columns);
}

function safe(text: string): string {
  return printable(text, longestText);
}

function shown(text: OutputText, terminal: TerminalFacts): string {
  return styled(safe(plainText(text)), styleOf(text), terminal);
}

function styled(safeText: string, style: Style | undefined, { hasColor }: TerminalFacts): string {
  return style === undefined || !hasColor || safeText === '' ? safeText : paint(safeText, style);
}

function styleOf(text: OutputText): Style | undefined {
  return typeof text === 'string' ? undefined : text.style;
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}
