import type { Command } from 'commander';
import type { Phase } from '../core/model/phase.ts';
import { filterTest } from '../core/model/phaseFilter.ts';
import type { RunDetail, Tier } from '../core/model/run.ts';
import { formatCount } from '../core/text/quantities.ts';
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
import type { Output, OutputBlock } from './output.ts';
import { runJson } from './runsCommand.ts';
import { listFormatOption, listText, type ListFormatOption } from './terminalOption.ts';

interface PhasesOptions extends DatabaseOptions, PhaseFilterOptions, PageOptions, ListFormatOption {}

/** `phases`: a run and its phases, as they are carried out. */
export function addPhasesCommand(program: Command, context: CommandContext, report: Report): void {
  const command = program
    .command('phases')
    .description('Show a run and its phases, in their order: state, kind, attempts, tokens, date.')
    .argument('<run>', 'the id of the run')
    .addOption(databaseOption());
  addPageOptions(addPhaseFilter(command), 100)
    .addOption(listFormatOption())
    .option('--json', 'print one JSON object')
    .action((runId: string, options: PhasesOptions) => report(options, phases(runId, options, context)));
}

async function phases(
  runId: string,
  options: PhasesOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const { path, databaseUrl } = databaseTarget(options, context);
  const { value: detail } = await context.reader.request(path, 'runDetail', { runId }, context.signal);
  const filter = phaseFilterOf(options);
  const matching = detail.phases.filter(filterTest(filter));
  const { limit, offset } = options;
  const shown = shownOf(matching, options);
  const summary = pageText('phase', { found: matching.length, all: detail.phases.length, filter }, options);
  return {
    exitCode: exitCodes.good,
    json: {
      databaseUrl,
      run: runJson(detail.run),
      tiers: detail.tiers,
      phasesMatching: matching.length,
      offset,
      limit,
      phases: shown.map(phaseJson),
    },
    text: listText(
      [...runOutput(detail), ...phasesTable(shown, detail.tiers), { kind: 'prose', text: summary }],
      options,
    ),
  };
}

/** A phase for programs: its row, with times in UTC. */
export function phaseJson(phase: Phase): object {
  return { ...phase, ...isoTimes(phase) };
}

/** What the tree tells of a run when the pointer rests on it. */
function runOutput({ run }: RunDetail): Output {
  const { tokensUsed, tokenCap } = run;
  const tokens =
    tokensUsed === null
      ? null
      : `${formatCount(tokensUsed)}${tokenCap === null ? '' : ` of ${formatCount(tokenCap)}`}`;
  return [
    {
      kind: 'facts',
      facts: [
        ['Run', run.id],
        ['State', stateText(run.state)],
        ['Goal', run.goal],
        ['Why it failed', run.failureReason],
        ['Phases', stateCountsText(run.phaseStates)],
        ['Tokens', tokens],
        ['Created', timeText(run.createdAt) || null],
        ['Started', timeText(run.startedAt) || null],
        ['Completed', timeText(run.completedAt) || null],
      ],
    },
  ];
}

function phasesTable(phases: readonly Phase[], tiers: readonly Tier[]): OutputBlock[] {
  if (phases.length === 0) return [];
  const names = new Map(tiers.map(({ id, tierId }) => [id, tierId]));
  return [
    tableOf(
      [
        { title: 'Tier', overflow: 'wrap' },
        { title: 'Phase', overflow: 'wrap' },
        { title: 'State' },
        { title: 'Kind', overflow: 'wrap' },
        { title: 'Attempts', align: 'right' },
        { title: 'Tokens', align: 'right' },
        { title: 'Updated' },
      ],
      phases.map((phase) => [
        // One tier for all says nothing.
        tiers.length < 2 ? '' : (names.get(phase.tierRowId ?? NaN) ?? ''),
        phase.phaseId,
        stateText(phase.state),
        kindText(phase),
        formatCount(phase.builderAttempts),
        formatCount(phase.tokensUsed),
        timeText(phase.updatedAt),
      ]),
    ),
  ];
}

/** `tests, low`. */
export function kindText({ category, complexity }: Phase): string {
  return [category, complexity].filter((part) => part !== null && part !== '').join(', ');
}
