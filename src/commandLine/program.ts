import { Command, CommanderError } from 'commander';
import { CancelledError, resourceError, serializeError, UserFacingError } from '../core/errors.ts';
import { maskedJson } from '../core/text/maskSecrets.ts';
import { addAdoptCommand } from './adoptCommand.ts';
import { addAnalyzeCommand } from './analyzeCommand.ts';
import { addBackupCommand } from './backupCommand.ts';
import { addCalibrateCommand } from './calibrateCommand.ts';
import type { CommandContext } from './commandContext.ts';
import type { Report } from './commandResult.ts';
import { addDeleteRunCommand } from './deleteRunCommand.ts';
import { addDoctorCommand } from './doctorCommand.ts';
import { addCountsCommand } from './countsCommand.ts';
import { addCoverageCommand } from './coverageCommand.ts';
import { addDrainCommand } from './drainCommand.ts';
import { exitCodes, type ExitCode } from './exitCodes.ts';
import { addExportCommand } from './exportCommand.ts';
import { addFailuresCommand } from './failuresCommand.ts';
import { addExpectOptions, checkExpectations, type ExpectOptions } from './guardOptions.ts';
import { addIdentityCommand } from './identityCommand.ts';
import { addInitCommand } from './initCommand.ts';
import { addQuickstartCommand } from './quickstartCommand.ts';
import { addRequeueCommand } from './requeueCommand.ts';
import { addRestoreCommand } from './restoreCommand.ts';
import { safeText, withSafeOutput } from './safeOutput.ts';
import { addSeedCommand } from './seedCommand.ts';
import { addSessionsCommand } from './sessionsCommand.ts';
import { addStaleCommand } from './staleCommand.ts';
import { textLines } from './textLines.ts';
import { usageError } from './usageError.ts';
import { warnOfDrift } from './warnOfDrift.ts';

const exitCodeHelp = `
Exit codes: 0 good, 1 findings or failed phases, 2 refused or wrong usage, 130 interrupted.
The database comes from --database or DATABASE_URL; there is no default.`;

/** Parses the arguments (without the program's own name), runs one command, and returns the exit code. */
export async function runCommandLine(
  args: readonly string[],
  given: CommandContext,
  version: string,
): Promise<ExitCode> {
  const context = withSafeOutput(given);
  let exitCode: ExitCode = exitCodes.good;
  const report: Report = async ({ json = false }, work) => {
    try {
      const result = await work;
      exitCode = result.exitCode;
      // A command that has printed all it has to say leaves no text.
      if (json || result.text !== '') {
        context.stdout(`${json ? JSON.stringify(result.json, maskedJson, 2) : safeText(result.text)}\n`);
      }
    } catch (error) {
      exitCode = reportError(error, json, context);
    }
  };
  const program = new Command('autopack-hygiene')
    .description(
      'Looks after the SQLite databases of Autopack: identity, seeding, draining, token telemetry.',
    )
    .version(version)
    .helpCommand(false)
    .addHelpText('after', exitCodeHelp)
    .configureHelp({ showGlobalOptions: false })
    .exitOverride()
    .configureOutput({
      writeOut: context.stdout,
      writeErr: context.stderr,
      // Told like every other error, below.
      outputError: () => undefined,
    });
  for (const add of [
    addInitCommand,
    addSeedCommand,
    addIdentityCommand,
    addDrainCommand,
    addSessionsCommand,
    addFailuresCommand,
    addAnalyzeCommand,
    addCoverageCommand,
    addExportCommand,
    addCountsCommand,
    addCalibrateCommand,
    addQuickstartCommand,
    addAdoptCommand,
    addDoctorCommand,
    addStaleCommand,
    addRequeueCommand,
    addDeleteRunCommand,
    addBackupCommand,
    addRestoreCommand,
  ]) {
    add(program, context, report);
  }
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
