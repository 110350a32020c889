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
      `Nobody can be asked without a terminal: ${question}`,
      'Pass --yes to agree to that.',
    );
  }
  if (!(await context.confirm(question))) throw new CancelledError('The command');
}
