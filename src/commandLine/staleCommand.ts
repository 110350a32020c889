import type { Command } from 'commander';
import { staleCountsText, type StaleFindings, type StalePhase } from '../core/identity/stalePhase.ts';
import { wayBackText } from '../core/maintenance/undoChange.ts';
import { formatMinute } from '../core/text/times.ts';
import { defaultMaxAgeMinutes, failStale, findStale } from '../node/maintenance/bulkChange.ts';
import { alignColumns, textLines } from './textLayout.ts';
import { exitCodes, type CommandContext, type CommandResult, type Report } from './commandContext.ts';
import { type ConsentOptions, requireConsent, yesText } from './consent.ts';
import { databaseOption, type DatabaseOptions, databaseTarget } from './databaseOption.ts';
import {
  acceptFileOption,
  allowTriggersOption,
  authorise,
  undoText,
  type WriteOptions,
} from './guardOptions.ts';
import { positiveNumber } from './arguments.ts';
import { isoTime } from './listOptions.ts';

interface StaleOptions extends DatabaseOptions, ConsentOptions, WriteOptions {
  readonly markFailed?: boolean;
  readonly maxAgeMinutes: number;
}

/** `stale`: phases nobody is at work on, and on request their end. */
export function addStaleCommand(program: Command, context: CommandContext, report: Report): void {
  program
    .command('stale')
    .description('Find stale phases: EXECUTING, or QUEUED in a started run, with no program running them.')
    .addOption(databaseOption())
    .option(
      '--max-age-minutes <n>',
      'how long a phase must be unchanged to be stale',
      positiveNumber,
      defaultMaxAgeMinutes,
    )
    .option('--mark-failed', 'set them FAILED, with a reason, after a backup')
    .addOption(acceptFileOption())
    .addOption(allowTriggersOption())
    .option('--yes', yesText)
    .option('--json', 'print one JSON object')
    .action((options: StaleOptions) => report(options, stale(options, context)));
}

async function stale(options: StaleOptions, context: CommandContext): Promise<CommandResult> {
  const { path, databaseUrl } = databaseTarget(options, context);
  const { reader, writer, clock, signal, cwd } = context;
  const before = clock.now() - options.maxAgeMinutes * 60_000;
  const found = await findStale(reader, path, before, signal);
  const asked = options.markFailed === true && found.stale.length > 0;
  if (!asked) {
    return {
      exitCode: found.stale.length > 0 ? exitCodes.findings : exitCodes.good,
      json: { databaseUrl, path, ...staleJson(found), marked: 0, backupPath: null },
      text: staleText(found),
    };
  }
  const expected = await authorise(path, 'mark-stale', options, context);
  const question = `Mark stale phases of ${path} as FAILED (${staleCountsText(found.stale)})? ${wayBackText(path)}`;
  const phases = found.stale.map(({ runId, phaseId, state }) => ({ runId, phaseId, state }));
  await requireConsent(
    {
      operation: 'mark-stale',
      path,
      database: expected,
      details: () => ({ question, rows: phases.length, params: { phases } }),
    },
    options,
    context,
  );
  const { marked, backup } = await failStale(
    path,
    found,
    expected,
    { writer, clock, workspaceFolder: cwd },
    signal,
  );
  return {
    exitCode: exitCodes.good,
    json: { databaseUrl, path, ...staleJson(found), marked, backupPath: backup?.path ?? null },
    text: [
      staleText(found),
      `Marked ${marked} of ${found.stale.length} as FAILED.`,
      await undoText(path, backup, context),
    ].join('\n'),
  };
}

function staleJson({ stale, workedOn, waiting, workers }: StaleFindings): object {
  const plain = (phase: StalePhase): object => ({
    ...phase,
    since: isoTime(phase.since),
  });
  return { stale: stale.map(plain), workedOn: workedOn.map(plain), waiting, workers };
}

function staleText({ stale, workedOn, waiting, workers }: StaleFindings): string {
  const rows = stale.map(({ state, runId, phaseId, since }) => [
    state,
    runId,
    phaseId,
    since === null ? 'since unknown' : `since ${formatMinute(since)}`,
  ]);
  const head = stale.length === 0 ? 'No stale phases.' : `Stale phases: ${staleCountsText(stale)}.`;
  return textLines([
    head,
    ...alignColumns(rows),
    ...(workers === null ? ['The running programs could not be listed: some may be at work.'] : []),
    ...(workedOn.length > 0 ? [`Being worked on: ${staleCountsText(workedOn)}.`] : []),
    ...(workers ?? []).map(({ pid, command }) => `Running: ${pid} ${command}`),
    ...(waiting > 0 ? [`Waiting in runs that have not begun: ${waiting} QUEUED.`] : []),
  ]);
}
