import { markdownTable, type Document, type DocumentBlock } from '../core/text/document.ts';
import { factList, inlineCode, plainMarkdown } from '../core/text/markdown.ts';
import type { Style } from './terminalColors.ts';

/** A piece of output with a style, which is shown where there are colors. */
export interface StyledText {
  readonly text: string;
  readonly style: Style;
}

/** A piece of output; what is in it need not be safe to show. */
export type OutputText = string | StyledText;

/** A column of a table. */
export interface OutputColumn {
  readonly title: string;
  /** Numbers stand at the right. */
  readonly align?: 'right';
  /** What becomes of a cell where the terminal is too narrow; without it, the column keeps its width. */
  readonly overflow?: 'wrap' | 'cut';
}

/** A part of what a command prints for a person, laid out once it is known where. */
export type OutputBlock =
  | { readonly kind: 'heading'; readonly text: string }
  /** Sentences, broken between words. */
  | { readonly kind: 'prose'; readonly text: string }
  /** Lines that stay whole, for they hold paths and commands to be copied. */
  | { readonly kind: 'lines'; readonly lines: readonly OutputText[] }
  /** Foreign text of several lines, as it was written. */
  | { readonly kind: 'quote'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly OutputText[] }
  /** Names and values; those without a value are left out. */
  | { readonly kind: 'facts'; readonly facts: readonly (readonly [name: string, value: OutputText | null])[] }
  | {
      readonly kind: 'table';
      readonly columns: readonly OutputColumn[];
      readonly rows: readonly (readonly OutputText[])[];
    };

/** What a command prints, block by block. */
export type Output = readonly OutputBlock[];

/** The text of a piece of output, without its style. */
export function plainText(text: OutputText): string {
  return typeof text === 'string' ? text : text.text;
}

const figure = /^[<~≈±]?\s?[-–+$\d][\d,.%x\s/–-]*$/;

/** A report as output for a terminal; columns of figures stand at the right. */
export function documentOutput({ title, lead, sections }: Document): Output {
  return [
    { kind: 'heading', text: title },
    { kind: 'prose', text: lead },
    ...sections.flatMap(({ heading, blocks }): OutputBlock[] => [
      { kind: 'heading', text: heading },
      ...blocks.map(documentBlock),
    ]),
  ];
}

function documentBlock(block: DocumentBlock): OutputBlock {
  switch (block.kind) {
    case 'text':
      return { kind: 'prose', text: block.text };
    case 'list':
      return block;
    case 'table': {
      const columns = block.head.map((title, column): OutputColumn => {
        const cells = block.rows.map((row) => row[column] ?? '');
        return cells.every((cell) => figure.test(cell))
          ? { title, align: 'right' }
          : { title, overflow: 'wrap' };
      });
      return { kind: 'table', columns, rows: block.rows.map((row) => row.map(verdict)) };
    }
  }
}

/** A gate's verdict stands out. */
function verdict(cell: string): OutputText {
  if (cell === 'Passed') return { text: cell, style: 'green' };
  return cell === 'Not passed' ? { text: cell, style: 'red' } : cell;
}

/** Output as Markdown, ending without a line break; nothing in it takes effect. */
export function markdownOutput(output: Output): string {
  return output.map(markdownBlock).join('\n\n');
}

function markdownBlock(block: OutputBlock): string {
  switch (block.kind) {
    case 'heading':
      return `## ${plainMarkdown(block.text)}`;
    case 'prose':
      return plainMarkdown(block.text);
    case 'lines':
      return block.lines.map((line) => plainMarkdown(plainText(line))).join('  \n');
    case 'quote':
      return block.text
        .split('\n')
        .map((line) => `> ${plainMarkdown(line)}`)
        .join('\n');
    case 'list':
      return block.items.map((item) => `- ${plainMarkdown(plainText(item))}`).join('\n');
    case 'facts':
      return factList(
        block.facts.map(([name, value]) => [name, value === null ? null : inlineCode(plainText(value))]),
      );
    case 'table':
      return markdownTable(
        block.columns.map(({ title }) => plainMarkdown(title)),
        block.rows.map((row) => row.map((cell) => plainMarkdown(plainText(cell)))),
      );
  }
}
