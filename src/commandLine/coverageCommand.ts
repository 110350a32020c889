import type { Command } from 'commander';
import { coverageDocument } from '../core/telemetry/analysis/coverage.ts';
import { exitCodes, type CommandContext, type CommandResult, type Report } from './commandContext.ts';
import { databaseOption, type DatabaseOptions, databaseTarget } from './databaseOption.ts';
import { reportFormatOption, reportText, type ReportFormatOption } from './terminalOption.ts';

interface CoverageOptions extends DatabaseOptions, ReportFormatOption {}

/** `coverage`: which kinds of phases there is evidence for, and which are missing. */
export function addCoverageCommand(program: Command, context: CommandContext, report: Report): void {
  program
    .command('coverage')
    .description('Show which kinds of phases have clean samples. Exits with 1 when something is missing.')
    .addOption(databaseOption())
    .addOption(reportFormatOption())
    .option('--json', 'print one JSON object')
    .action((options: CoverageOptions) => report(options, coverage(options, context)));
}

async function coverage(options: CoverageOptions, context: CommandContext): Promise<CommandResult> {
  const { path } = databaseTarget(options, context);
  const { value } = await context.reader.request(path, 'coverage', null, context.signal);
  return {
    exitCode: value.coverage.complete ? exitCodes.good : exitCodes.findings,
    json: value.coverage,
    text: reportText(coverageDocument(value.coverage), options.format, context),
  };
}
