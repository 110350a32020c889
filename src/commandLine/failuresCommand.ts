import type { Command } from 'commander';
import type { FailureReport, FailureCluster } from '../core/failures/clusterFailures.ts';
import { adviseOnFailures } from '../core/model/failureClass.ts';
import { counted, formatCount } from '../core/text/quantities.ts';
import { shellCommand } from '../core/text/shellCommand.ts';
import { formatMinute } from '../core/text/times.ts';
import { positiveInteger } from './arguments.ts';
import { exitCodes, type CommandContext, type CommandResult, type Report } from './commandContext.ts';
import { databaseOption, databaseTarget, type DatabaseOptions } from './databaseOption.ts';
import { nativeShell } from './guardOptions.ts';
import { isoTime } from './listOptions.ts';
import type { Output, OutputBlock } from './output.ts';
import { listFormatOption, listText, type ListFormatOption } from './terminalOption.ts';

interface FailuresOptions extends DatabaseOptions, ListFormatOption {
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
    .addOption(listFormatOption())
    .option('--json', 'print one JSON object')
    .action((options: FailuresOptions) => report(options, failures(options, context)));
}

async function failures(options: FailuresOptions, context: CommandContext): Promise<CommandResult> {
  const { path, databaseUrl } = databaseTarget(options, context);
  const { value: found } = await context.reader.request(path, 'failures', null, context.signal);
  return {
    exitCode: found.failedPhases === 0 ? exitCodes.good : exitCodes.findings,
    json: failuresJson(databaseUrl, found, options.limit),
    text: listText(
      failuresOutput(found, options.limit, options.database === undefined ? null : path),
      options,
    ),
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
      lastSeen: isoTime(cluster.lastSeen),
    })),
  };
}

/** The largest `limit` clusters for a person at a terminal, and what to do next; with `database` where it has to be named. */
function failuresOutput(
  { clusters, failedPhases, failedRuns }: FailureReport,
  limit: number,
  database: string | null,
): Output {
  const [largest] = clusters;
  if (largest === undefined) return [{ kind: 'prose', text: 'No phase is FAILED.' }];
  const shown = clusters.slice(0, limit);
  const hidden = clusters.slice(limit);
  const hiddenPhases = hidden.reduce((sum, { count }) => sum + count, 0);
  const more = `and ${counted(hidden.length, 'more cluster')} (${counted(hiddenPhases, 'phase')}): --limit ${clusters.length}`;
  return [
    {
      kind: 'prose',
      text: `${counted(failedPhases, 'failed phase')} in ${counted(failedRuns, 'run')}, ${counted(clusters.length, 'cluster')}:`,
    },
    {
      kind: 'table',
      columns: [
        { title: 'Phases', align: 'right' },
        { title: 'Runs', align: 'right' },
        { title: 'Last seen' },
        { title: 'Class' },
        { title: 'Newest example', overflow: 'cut' },
      ],
      rows: shown.map(cells),
    },
    ...(hidden.length === 0 ? [] : [{ kind: 'prose', text: more } as const]),
    ...nextStep(largest, database),
  ];
}

function cells({ count, runs, lastSeen, failureClass, sample }: FailureCluster): string[] {
  return [
    formatCount(count),
    formatCount(runs),
    lastSeen === null ? 'unknown' : formatMinute(lastSeen),
    failureClass,
    sample === null ? '(no reason recorded)' : sample.replace(/\s+/g, ' ').trim(),
  ];
}

function nextStep({ failureClass, phases }: FailureCluster, database: string | null): OutputBlock[] {
  const advice: OutputBlock = {
    kind: 'prose',
    text: `Next, for the largest: ${adviseOnFailures(failureClass)}`,
  };
  const [latest] = phases;
  if (latest === undefined) return [advice];
  const phase = `${latest.runId}/${latest.phaseId}`;
  const named = database === null ? [] : ['--database', database];
  const words = ['autopack-hygiene', 'drain', ...named, '--probe', '--phase', phase];
  const command = shellCommand(words, nativeShell);
  return [
    advice,
    { kind: 'lines', lines: ['Then drain the latest one to see whether it helped:', `  ${command}`] },
  ];
}
