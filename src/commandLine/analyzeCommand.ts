import { Option, type Command } from 'commander';
import { telemetryDocument } from '../core/telemetry/report/telemetryReport.ts';
import type { TelemetryOptions } from '../core/telemetry/analysis/telemetryAnalysis.ts';
import { exitCodes, type CommandContext, type CommandResult, type Report } from './commandContext.ts';
import { databaseOption } from './databaseOption.ts';
import { positiveInteger, positiveNumber } from './arguments.ts';
import { reportText } from './terminalOption.ts';
import {
  findTelemetry,
  logFolderOption,
  type TelemetryRequest,
  writeTelemetryReport,
} from './telemetryRequest.ts';

interface AnalyzeOptions extends TelemetryRequest {
  readonly successOnly?: boolean;
  readonly stratify?: boolean;
  readonly underMultiplier: number;
  /** By default what suits where it is printed. */
  readonly format?: 'text' | 'md' | 'json' | 'html';
  /** `true` where no number was given. */
  readonly listSuspect?: number | true;
}

const listedByDefault = 100;

/** `analyze`: what the telemetry says, and whether it may be used to tune anything. */
export function addAnalyzeCommand(program: Command, context: CommandContext, report: Report): void {
  program
    .command('analyze')
    .description('Compare predicted with actual output tokens. Exits with 1 when a gate is not passed.')
    .addOption(databaseOption())
    .addOption(logFolderOption())
    .option('--success-only', 'only samples of successful phases, as any calibration must')
    .option('--stratify', 'split the groups by the number of deliverables too')
    .option(
      '--under-multiplier <factor>',
      'underestimated means: actual > predicted x factor',
      positiveNumber,
      1,
    )
    .option(
      '--list-suspect [count]',
      'list suspect samples with the reasons: 100, or so many',
      positiveInteger,
    )
    .addOption(
      new Option('--format <format>', 'how to print it: by default text in a terminal, md elsewhere').choices(
        ['text', 'md', 'json', 'html'],
      ),
    )
    .option('--json', 'the same as --format json')
    .action((options: AnalyzeOptions) => {
      const json = options.json === true || options.format === 'json';
      return report({ json }, analyze(options, context));
    });
}

async function analyze(options: AnalyzeOptions, context: CommandContext): Promise<CommandResult> {
  const { successOnly = false, stratify = false, underMultiplier, listSuspect = 0 } = options;
  const looking: TelemetryOptions = { successOnly, stratify, underMultiplier };
  const request = {
    ...options,
    suspects: listSuspect === true ? listedByDefault : listSuspect,
    withEvidence: true,
  };
  const { analysis, ...extras } = await findTelemetry(request, looking, context);
  const { format } = options;
  const text =
    format === 'html'
      ? (await writeTelemetryReport('html', request, looking, context)).trimEnd()
      : reportText(telemetryDocument(analysis, extras), format === 'json' ? undefined : format, context);
  return {
    exitCode: analysis.gates.every(({ passed }) => passed) ? exitCodes.good : exitCodes.findings,
    json: { ...analysis, ...extras },
    text,
  };
}
