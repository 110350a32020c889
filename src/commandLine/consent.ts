import { createInterface } from 'node:readline/promises';
import { CancelledError, UserFacingError } from '../core/errors.ts';
import type { CommandContext } from './commandContext.ts';

/** What a command that asks takes. */
export interface ConsentOptions {
  readonly yes?: boolean;
}

/**
 * Asks before something is changed. Resolves when the person, or `--yes` for them, agreed; throws `CancelledError`
 * when they did not, and `needs-consent`, with the question, where nobody can be asked.
 */
export async function requireConsent(
  question: string,
  { yes = false }: ConsentOptions,
  context: Pick<CommandContext, 'confirm'>,
): Promise<void> {
  if (yes) return;
  if (context.confirm === null) {
    throw new UserFacingError(
      'needs-consent',
      `A confirmation needs a terminal: ${question}`,
      'Pass --yes to confirm.',
    );
  }
  if (!(await context.confirm(question))) throw new CancelledError('The command');
}

/**
 * Asks a yes/no question on a terminal; anything but yes is no. Throws `CancelledError` on Ctrl+C and on Ctrl+D, which
 * the terminal gives to whoever asks, and not to the program as a signal.
 */
export async function askOnTerminal(
  question: string,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  isTerminal?: boolean,
): Promise<boolean> {
  const terminal = createInterface({
    input,
    output,
    ...(isTerminal === undefined ? {} : { terminal: isTerminal }),
  });
  try {
    const answer = await terminal.question(`${question} [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'AbortError') throw error;
    output.write('\n');
    throw new CancelledError('The command');
  } finally {
    terminal.close();
  }
}
