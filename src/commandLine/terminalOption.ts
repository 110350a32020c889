import { Option } from 'commander';
import type { Document } from '../core/text/document.ts';
import { toMarkdown } from '../core/text/document.ts';
import type { CommandContext } from './commandContext.ts';
import { documentOutput, markdownOutput, type Output } from './output.ts';
import { colorChoices, usesColor, type ColorChoice } from './terminalColors.ts';
import type { TerminalFacts } from './terminalLayout.ts';

/** What every command takes. */
export interface ColorOption {
  readonly color: ColorChoice;
}

/** `--color`. */
export function colorOption(): Option {
  return new Option(
    '--color <when>',
    'color the output: auto does so in a terminal, unless NO_COLOR is set, and elsewhere if FORCE_COLOR is',
  )
    .choices(colorChoices)
    .default('auto');
}

/** What is known of where results are shown. */
export function terminalOf(
  { color }: ColorOption,
  context: Pick<CommandContext, 'stdoutColumns' | 'stdoutIsTerminal' | 'env'>,
): TerminalFacts {
  return {
    columns: context.stdoutColumns(),
    hasColor: usesColor(color, context.env, context.stdoutIsTerminal),
  };
}

/** What a command that lists takes. */
export interface ListFormatOption {
  readonly format: 'text' | 'md';
}

/** `--format` of a list: columns for people, unless Markdown is asked for. */
export function listFormatOption(): Option {
  return new Option('--format <format>', 'aligned columns, or Markdown')
    .choices(['text', 'md'])
    .default('text');
}

/** A list in the format that was asked for. */
export function listText(output: Output, { format }: ListFormatOption): string | Output {
  return format === 'md' ? markdownOutput(output) : output;
}

/** What a command that reports takes. */
export interface ReportFormatOption {
  /** By default what suits where it is printed. */
  readonly format?: 'text' | 'md';
}

/** `--format` of a report. */
export function reportFormatOption(): Option {
  return new Option(
    '--format <format>',
    'how to print it: by default text in a terminal, md elsewhere',
  ).choices(['text', 'md']);
}

/** A report for whoever reads it: laid out in a terminal, Markdown for a file or a program. */
export function reportText(
  report: Document,
  format: ReportFormatOption['format'],
  { stdoutIsTerminal }: CommandContext,
): string | Output {
  const isText = format === 'text' || (format === undefined && stdoutIsTerminal);
  return isText ? documentOutput(report) : toMarkdown(report).trimEnd();
}

/** The same as part of what is printed. */
export function reportBlocks(report: Document, context: CommandContext): Output {
  const text = reportText(report, undefined, context);
  return typeof text === 'string' ? [{ kind: 'lines', lines: text.split('\n') }] : text;
}
