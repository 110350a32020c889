import { Command, CommanderError } from 'commander';
import { CancelledError, resourceError, serializeError, UserFacingError } from '../core/errors.ts';
import { maskedJson } from '../core/text/maskSecrets.ts';
import { printableLines } from '../core/text/printable.ts';
import {
  exitCodes,
  type CommandContext,
  type ProgramContext,
  type Report,
  type ExitCode,
} from './commandContext.ts';
import { commandOf, commands } from './commands.ts';
import { databaseTarget, type DatabaseOptions, type DatabaseTarget } from './databaseOption.ts';
import { addExpectOptions, checkExpectations, type ExpectOptions } from './guardOptions.ts';
import type { Output } from './output.ts';
import { terminalOutput } from './terminalLayout.ts';
import { colorOption, terminalOf, type ColorOption } from './terminalOption.ts';
import { textLines } from './textLayout.ts';

const exitCodeHelp = `
Exit codes: 0 good, 1 findings or failed phases, 2 refused or wrong usage, 130 interrupted.
The database comes from --database or DATABASE_URL; only quickstart, which makes a new one, has a default.`;

/** Parses the arguments (without the program's own name), runs one command, and returns the exit code. */
export async function runCommandLine(
  args: readonly string[],
  given: ProgramContext,
  version: string,
): Promise<ExitCode> {
  const context: CommandContext = {
    ...withSafeOutput(given),
    runCommand: (others, world) => runCommandLine(others, world, version),
  };
  let exitCode: ExitCode = exitCodes.good;
  const report: Report = async ({ json = false }, work) => {
    try {
      const result = await work;
      exitCode = result.exitCode;
      if (json) context.stdout(`${JSON.stringify(result.json, maskedJson, 2)}\n`);
      else print(result.text);
    } catch (error) {
      exitCode = reportError(error, json, context);
    }
  };
  const print = (text: string | Output): void => {
    // A command that has printed all it has to say leaves no text.
    if (text === '') return;
    if (typeof text === 'string') context.stdout(`${safeText(text)}\n`);
    // What is laid out is made safe piece by piece, and has escapes of ours then.
    else given.stdout(`${terminalOutput(text, terminalOf(program.opts<ColorOption>(), given))}\n`);
  };
  const program = new Command('autopack-hygiene')
    .description(
      'Manages the databases of Autopack (SQLite and PostgreSQL): identity, seeding, draining, token telemetry.',
    )
    .version(version)
    .addOption(colorOption())
    .helpCommand(false)
    .addHelpText('after', exitCodeHelp)
    .configureHelp({ showGlobalOptions: false })
    .exitOverride()
    .configureOutput({
      writeOut: context.stdout,
      writeErr: context.stderr,
      // Reported like every other error, below.
      outputError: () => undefined,
    });
  // Nothing is needed of the others, but where all are listed.
  const named = commandOf(args);
  for (const { load } of named === null || named.needsAll === true ? commands : [named])
    (await load())(program, context, report);
  addExpectOptions(program);
  program.hook('preAction', async (_, command) => {
    await checkExpectations(command.name(), command.opts<ExpectOptions>(), context);
    await warnOfDrift(command.name(), command.opts<ExpectOptions>(), context);
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCodes.good;
      // Without a command its help was printed.
      if (error.code === 'commander.help') return exitCodes.refused;
      return reportError(usageError(error, args, program), args.includes('--json'), context);
    }
    return reportError(error, args.includes('--json'), context);
  }
}

function reportError(thrown: unknown, json: boolean, context: CommandContext): ExitCode {
  const error = resourceError(thrown) ?? thrown;
  const plain = serializeError(error);
  if (json) {
    const { code, message, nextStep } = plain;
    context.stdout(`${JSON.stringify({ error: { code, message, nextStep } }, null, 2)}\n`);
  }
  if (error instanceof UserFacingError) {
    context.stderr(`${textLines([`autopack-hygiene: ${plain.message} ${plain.nextStep}`])}\n`);
    return error instanceof CancelledError ? exitCodes.interrupted : exitCodes.refused;
  }
  context.stderr(`autopack-hygiene: internal error: ${plain.stack ?? plain.message}\n`);
  return exitCodes.refused;
}

/** What commander says of wrong arguments, as an error like every other. */
function usageError(error: CommanderError, args: readonly string[], program: Command): UserFacingError {
  const said = error.message
    .replace(/^error: /, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const message = `${said.charAt(0).toUpperCase()}${said.slice(1)}${/[.?]$/.test(said) ? '' : '.'}`;
  const command = program.commands.find((each) => each.name() === args[0]);
  const what = command === undefined ? program.name() : `${program.name()} ${command.name()}`;
  return new UserFacingError('invalid-argument', message, `See "${what} --help".`, { cause: error });
}

/**
 * The world with a terminal that nothing can repaint: messages and questions mask secrets and show escapes, and a
 * question is one line. What is printed for programs goes to stdout as it is, unless that is the terminal.
 */
export function withSafeOutput<Context extends ProgramContext>(context: Context): Context {
  const { confirm, askLine } = context;
  return {
    ...context,
    stdout: context.stdoutIsTerminal ? (text) => context.stdout(safeText(text)) : context.stdout,
    stderr: (text) => context.stderr(safeText(text)),
    confirm: confirm === null ? null : (question) => confirm(textLines([question])),
    askLine: askLine === null ? null : (question) => askLine(textLines([question])),
  };
}

/** Text for a terminal with the lines it has. */
function safeText(text: string): string {
  return printableLines(text, Infinity);
}

/** Commands that change a database, or start programs that do. */
const writing: ReadonlySet<string> = new Set([
  'init',
  'seed',
  'drain',
  'quickstart',
  'adopt',
  'protect',
  'requeue',
  'delete-run',
  'stale',
  'restore',
]);

/** Says on stderr, before a command writes, what names another database than the one it is given. */
async function warnOfDrift(
  commandName: string,
  options: DatabaseOptions,
  context: CommandContext,
): Promise<void> {
  if (!writing.has(commandName)) return;
  const target = targetOrNone(options, context);
  if (target === null) return;
  const { drift, isDrifting } = await import('../core/identity/drift.ts');
  const { collectDatabaseSources } = await import('../node/maintenance/collectDatabaseSources.ts');
  const { cwd, env, stderr } = context;
  const sources = await collectDatabaseSources({ folders: [cwd], environment: env, selection: target.path });
  const [selection] = sources;
  for (const { message, source } of drift(sources).filter(isDrifting)) {
    const isSamePath = JSON.stringify(source.target) === JSON.stringify(selection?.target);
    // Of `DATABASE_URL` itself a note tells wherever the target is resolved.
    const isNoted = source.origin.kind === 'environment' && source.origin.variable === undefined;
    if (!isSamePath && !isNoted) stderr(`${textLines([`warning: ${message}`])}\n`);
  }
}

/** Without a target the command itself says why. */
function targetOrNone(options: DatabaseOptions, context: CommandContext): DatabaseTarget | null {
  try {
    return databaseTarget(options, { ...context, stderr: () => undefined });
  } catch {
    return null;
  }
}
