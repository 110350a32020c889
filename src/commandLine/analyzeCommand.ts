import type { Command } from 'commander';
import type { TelemetryAnalysis } from '../core/telemetry/telemetryAnalysis.ts';
import { renderTelemetryReport } from '../core/telemetry/telemetryReport.ts';
import type { CommandContext } from './commandContext.ts';
import type { CommandResult } from './commandResult.ts';
import { databaseOption, type DatabaseOptions, databaseTarget } from './databaseOption.ts';
import { exitCodes } from './exitCodes.ts';
import { positiveNumber } from './numberArguments.ts';
import type { Report } from './program.ts';

interface AnalyzeOptions extends DatabaseOptions {
  readonly successOnly?: boolean;
  readonly stratify?: boolean;
  readonly underMultiplier: number;
}

/** `analyze`: what the telemetry says, and whether it may be used to tune anything. */
export function addAnalyzeCommand(program: Command, context: CommandContext, report: Report): void {
  program
    .command('analyze')
    .description('Compare predicted with actual output tokens. Exits with 1 when a gate is not passed.')
    .addOption(databaseOption())
    .option('--success-only', 'only samples of successful phases, as any calibration must')
    .option('--stratify', 'split the groups by the number of deliverables too')
    .option(
      '--under-multiplier <factor>',
      'underestimated means: actual > predicted x factor',
      positiveNumber,
      1,
    )
    .option('--json', 'print one JSON object')
    .action((options: AnalyzeOptions) => report(options, analyze(options, context)));
}

async function analyze(options: AnalyzeOptions, context: CommandContext): Promise<CommandResult> {
  const { path } = databaseTarget(options, context);
  const { successOnly = false, stratify = false, underMultiplier } = options;
  const { value: analysis } = await context.reader.ask(
    path,
    'telemetry',
    { successOnly, stratify, underMultiplier },
    context.signal,
  );
  return {
    exitCode: allPassed(analysis) ? exitCodes.good : exitCodes.findings,
    json: analysis,
    text: renderTelemetryReport(analysis).trimEnd(),
  };
}

function allPassed({ gates }: TelemetryAnalysis): boolean {
  return gates.every(({ passed }) => passed);
}
