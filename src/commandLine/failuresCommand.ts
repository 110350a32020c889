import type { Command } from 'commander';
import type { FailureReport, FailureCluster } from '../core/failures/clusterFailures.ts';
import { adviseOnFailures } from '../core/failures/failureReport.ts';
import { formatStoredTimestamp } from '../core/model/timestamp.ts';
import { counted, formatCount } from '../core/text/quantities.ts';
import { shellCommand } from '../core/text/shellCommand.ts';
import { positiveInteger } from './arguments.ts';
import { exitCodes, type CommandContext, type CommandResult, type Report } from './commandContext.ts';
import { databaseOption, databaseTarget, type DatabaseOptions } from './databaseOption.ts';
import { nativeShell } from './guardOptions.ts';
import { alignColumns, textLines } from './textLayout.ts';

interface FailuresOptions extends DatabaseOptions {
  readonly limit: number;
}

/** `failures`: in which ways phases failed, across runs, the commonest first. */
export function addFailuresCommand(program: Command, context: CommandContext, report: Report): void {
  program
    .command('failures')
    .description(
      'Group FAILED phases into clusters by their reason, the largest first. Exits with 1 if there are any.',
    )
    .addOption(databaseOption())
    .option('--limit <n>', 'show at most this many clusters', positiveInteger, 20)
    .option('--json', 'print one JSON object')
    .action((options: FailuresOptions) => report(options, failures(options, context)));
}

async function failures(options: FailuresOptions, context: CommandContext): Promise<CommandResult> {
  const { path, databaseUrl } = databaseTarget(options, context);
  const { value: found } = await context.reader.request(path, 'failures', null, context.signal);
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

const longestExample = 80;

/** The largest `limit` clusters for a person at a terminal, and what to do next. */
function failuresText({ clusters, failedPhases, failedRuns }: FailureReport, limit: number): string {
  const [largest] = clusters;
  if (largest === undefined) return 'No phase is FAILED.';
  const shown = clusters.slice(0, limit);
  const hidden = clusters.slice(limit);
  const hiddenPhases = hidden.reduce((sum, { count }) => sum + count, 0);
  return textLines([
    `${counted(failedPhases, 'failed phase')} in ${counted(failedRuns, 'run')}, ${counted(clusters.length, 'cluster')}:`,
    '',
    ...alignColumns([['count', 'runs', 'last seen (UTC)', 'class', 'example'], ...shown.map(cells)], [0, 1]),
    ...(hidden.length === 0
      ? []
      : [
          `and ${counted(hidden.length, 'more cluster')} (${counted(hiddenPhases, 'phase')}): --limit ${clusters.length}`,
        ]),
    '',
    ...nextStep(largest),
  ]);
}

function cells({ count, runs, lastSeen, failureClass, sample }: FailureCluster): string[] {
  return [
    formatCount(count),
    formatCount(runs),
    lastSeen === null ? 'unknown' : formatStoredTimestamp(lastSeen).slice(0, 16),
    failureClass,
    sample === null ? '(no reason recorded)' : oneLine(sample),
  ];
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= longestExample ? line : `${line.slice(0, longestExample - 1).trimEnd()}…`;
}

function nextStep({ failureClass, phases }: FailureCluster): string[] {
  const [latest] = phases;
  const lines = [`Next, for the largest: ${adviseOnFailures(failureClass)}`];
  if (latest !== undefined) {
    const phase = `${latest.runId}/${latest.phaseId}`;
    const command = shellCommand(['autopack-hygiene', 'drain', '--probe', '--phase', phase], nativeShell);
    lines.push(`Then drain the latest one to see whether it helped: ${command}`);
  }
  return lines;
}
