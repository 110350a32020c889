import type { CommandContext } from './commandContext.ts';

/**
 * Runs a command, its arguments without the program's own name, without questions or messages, and returns the JSON
 * that it printed. `own` replaces parts of the context it runs in.
 */
export async function runForJson(
  args: readonly string[],
  context: CommandContext,
  own: Partial<CommandContext>,
): Promise<string> {
  let printed = '';
  const json = args.includes('--json') ? [] : ['--json'];
  await context.runCommand([...args, ...json], {
    ...context,
    args,
    stdout: (text) => void (printed += text),
    stdoutIsTerminal: false,
    stderr: () => undefined,
    announce: () => undefined,
    confirm: null,
    askLine: null,
    ...own,
  });
  return printed;
}
