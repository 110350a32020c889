import type { Command } from 'commander';
import type { FailureReport } from '../core/failures/clusterFailures.ts';
import type { CommandContext } from './commandContext.ts';
import type { CommandResult, Report } from './commandResult.ts';
import { databaseOption, type DatabaseOptions, databaseTarget } from './databaseOption.ts';
import { exitCodes } from './exitCodes.ts';
import { failuresText } from './failuresText.ts';
import { positiveInteger } from './numberArguments.ts';

interface FailuresOptions extends DatabaseOptions {
  readonly limit: number;
}

/** `failures`: in which ways phases failed, across runs, the commonest first. */
export function addFailuresCommand(program: Command, context: CommandContext, report: Report): void {
  program
    .command('failures')
    .description(
      'Group FAILED phases by why they failed, the largest group first. Exits with 1 if there are any.',
    )
    .addOption(databaseOption())
    .option('--limit <n>', 'show at most so many kinds of failure', positiveInteger, 20)
    .option('--json', 'print one JSON object')
    .action((options: FailuresOptions) => report(options, failures(options, context)));
}

async function failures(options: FailuresOptions, context: CommandContext): Promise<CommandResult> {
  const { path, databaseUrl } = databaseTarget(options, context);
  const { value: found } = await context.reader.ask(path, 'failures', null, context.signal);
  return {
    exitCode: found.failedPhases === 0 ? exitCodes.good : exitCodes.findings,
    json: failuresJson(databaseUrl, found, options.limit),
    text: failuresText(found, options.limit),
  };
}

/** The object `failures --json` prints; its keys are a promise to scripts. */
function failuresJson(databaseUrl: string, { clusters, ...totals }: FailureReport, limit: number): unknown {
  return {
    databaseUrl,
    ...totals,
    clusterCount: clusters.length,
    clusters: clusters.slice(0, limit).map((cluster) => ({
      ...cluster,
      lastSeen: cluster.lastSeen === null ? null : new Date(cluster.lastSeen).toISOString(),
    })),
  };
}
