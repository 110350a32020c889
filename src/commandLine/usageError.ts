import type { Command, CommanderError } from 'commander';
import { UserFacingError } from '../core/errors.ts';

/** What commander says of wrong arguments, as an error like every other. */
export function usageError(
  error: CommanderError,
  args: readonly string[],
  program: Command,
): UserFacingError {
  const said = error.message
    .replace(/^error: /, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const message = `${said.charAt(0).toUpperCase()}${said.slice(1)}${/[.?]$/.test(said) ? '' : '.'}`;
  const command = program.commands.find((each) => each.name() === args[0]);
  const what = command === undefined ? program.name() : `${program.name()} ${command.name()}`;
  return new UserFacingError('invalid-argument', message, `See "${what} --help".`, { cause: error });
}
