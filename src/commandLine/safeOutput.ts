import { printableLines } from '../core/text/printable.ts';
import type { CommandContext } from './commandContext.ts';
import { textLines } from './textLines.ts';

/**
 * The world with a terminal that nothing can repaint: messages and questions mask secrets and show escapes, and a
 * question is one line. What is printed for programs goes to stdout as it is, unless that is the terminal.
 */
export function withSafeOutput(context: CommandContext): CommandContext {
  const { confirm } = context;
  return {
    ...context,
    stdout: context.stdoutIsTerminal ? (text) => context.stdout(safeText(text)) : context.stdout,
    stderr: (text) => context.stderr(safeText(text)),
    confirm: confirm === null ? null : (question) => confirm(textLines([question])),
  };
}

/** Text for a terminal with the lines it has. */
export function safeText(text: string): string {
  return printableLines(text, Infinity);
}
