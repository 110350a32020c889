import type { Command } from 'commander';
import type { MatchingRuns, RunSummary } from '../core/model/run.ts';
import type { PhaseFilter } from '../core/model/phaseFilter.ts';
import type { StateCounts } from '../core/model/state.ts';
import { maskedJson } from '../core/text/maskSecrets.ts';
import { formatCount } from '../core/text/quantities.ts';
import { formatDateTime } from '../core/text/times.ts';
import { exitCodes, type CommandContext, type CommandResult, type Report } from './commandContext.ts';
import { databaseOption, databaseTarget, type DatabaseOptions } from './databaseOption.ts';
import {
  addPageOptions,
  addPhaseFilter,
  isoTimes,
  pageText,
  phaseFilterOf,
  shownOf,
  stateCountsText,
  stateText,
  tableOf,
  timeText,
  type PageOptions,
  type PhaseFilterOptions,
} from './listOptions.ts';
import type { Output } from './output.ts';
import { listFormatOption, listText, type ListFormatOption } from './terminalOption.ts';
import { watchDatabase } from './watchDatabase.ts';

interface RunsOptions extends DatabaseOptions, PhaseFilterOptions, PageOptions, ListFormatOption {
  readonly watch?: boolean;
}

/** `runs`: what the Runs view shows, the newest first. */
export function addRunsCommand(program: Command, context: CommandContext, report: Report): void {
  const command = program
    .command('runs')
    .description('List the runs, the newest first: state, phases by state, tokens, date.')
    .addOption(databaseOption());
  addPageOptions(addPhaseFilter(command), 20)
    .addOption(listFormatOption())
    .option(
      '--watch',
      'list again whenever the database changes, until Ctrl+C; with --json a line for each list',
    )
    .option('--json', 'print one JSON object')
    .action((options: RunsOptions) =>
      options.watch === true ? watchRuns(options, context, report) : report(options, runs(options, context)),
    );
}

async function watchRuns(options: RunsOptions, context: CommandContext, report: Report): Promise<void> {
  const { path } = databaseTarget(options, context);
  // What is noted of the database is noted once.
  const quiet = { ...context, stderr: () => undefined };
  await watchDatabase(path, context, async () => {
    const found = runs(options, quiet);
    if (options.json === true) await printLine(found, context, report);
    else
      await report(
        {},
        found.then((result) => ({ ...result, text: watchedText(result.text, context) })),
      );
  });
}

/** One line for each list, in a stream of them; what goes wrong is said on stderr, and the next list may do. */
async function printLine(
  found: Promise<CommandResult>,
  context: CommandContext,
  report: Report,
): Promise<void> {
  const print = async (): Promise<CommandResult> => {
    const { json, exitCode } = await found;
    context.stdout(`${JSON.stringify(json, maskedJson)}\n`);
    return { json, exitCode, text: '' };
  };
  await report({}, print());
}

/** In place of the list before in a terminal, else behind it. */
function watchedText(text: CommandResult['text'], { clearTerminal, clock }: CommandContext): string | Output {
  const now = `${formatDateTime(clock.now())}${clearTerminal === null ? '' : ' · Ctrl+C to stop'}`;
  clearTerminal?.();
  return typeof text === 'string' ? `${text}\n\n${now}\n` : [...text, { kind: 'lines', lines: [now, ''] }];
}

async function runs(options: RunsOptions, context: CommandContext): Promise<CommandResult> {
  const { path, databaseUrl } = databaseTarget(options, context);
  const filter = phaseFilterOf(options);
  const { value: found } = await context.reader.request(path, 'matchingRuns', filter, context.signal);
  return {
    exitCode: exitCodes.good,
    json: runsJson(databaseUrl, found, options),
    text: listText(runsOutput(found, filter, options), options),
  };
}

/** The object `runs --json` prints; its keys are a promise to scripts. */
function runsJson(databaseUrl: string, { runs, runsInAll }: MatchingRuns, page: PageOptions): unknown {
  const { limit, offset } = page;
  return {
    databaseUrl,
    runsInAll,
    runsMatching: runs.length,
    offset,
    limit,
    runs: shownOf(runs, page).map(({ run, matching }) => ({ ...runJson(run), matchingPhases: matching })),
  };
}

/** A run for programs: its row, with times in UTC. */
export function runJson(run: RunSummary): object {
  return { ...run, ...isoTimes(run) };
}

function runsOutput({ runs, runsInAll }: MatchingRuns, filter: PhaseFilter, page: PageOptions): Output {
  const summary = pageText('run', { found: runs.length, all: runsInAll, filter }, page);
  const shown = shownOf(runs, page);
  if (shown.length === 0) return [{ kind: 'prose', text: summary }];
  return [
    tableOf(
      [
        { title: 'Run', overflow: 'wrap' },
        { title: 'State', overflow: 'wrap' },
        { title: 'Phases', overflow: 'wrap' },
        { title: 'Tokens', align: 'right' },
        { title: 'Created' },
      ],
      shown.map(({ run, matching }) => [
        run.id,
        stateText(run.state),
        phasesText(run, matching),
        run.tokensUsed === null ? '' : formatCount(run.tokensUsed),
        timeText(run.createdAt),
      ]),
    ),
    { kind: 'prose', text: summary },
  ];
}

/** `2 FAILED, 8 COMPLETE`; where only some match, `2 FAILED of 10`. */
function phasesText({ phaseCount }: RunSummary, matching: StateCounts): string {
  const matched = Object.values(matching).reduce((sum, count) => sum + count, 0);
  return matched === phaseCount
    ? stateCountsText(matching)
    : `${stateCountsText(matching)} of ${formatCount(phaseCount)}`;
}
