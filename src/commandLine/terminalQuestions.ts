import { createInterface } from 'node:readline/promises';
import { CancelledError } from '../core/errors.ts';

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
  const answer = await askLineOnTerminal(`${question} [y/N]`, input, output, isTerminal);
  return /^y(es)?$/i.test(answer.trim());
}

/** Asks for a line on a terminal; throws as {@link askOnTerminal} does. */
export async function askLineOnTerminal(
  question: string,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  isTerminal?: boolean,
): Promise<string> {
  const terminal = createInterface({
    input,
    output,
    ...(isTerminal === undefined ? {} : { terminal: isTerminal }),
  });
  try {
    return await terminal.question(`${question} `);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'AbortError') throw error;
    output.write('\n');
    throw new CancelledError('The command');
  } finally {
    terminal.close();
  }
}
