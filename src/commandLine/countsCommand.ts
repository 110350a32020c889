import type { Command } from 'commander';
import { UserFacingError } from '../core/errors.ts';
import { notAutopack } from '../core/identity/adoptDatabase.ts';
import {
  countsDifference,
  type CountsRecord,
  type EventCounts,
} from '../core/telemetry/analysis/eventCounts.ts';
import { appendCounts, countsFilePath, readCounts } from '../node/telemetry/countsFile.ts';
import { alignColumns, textLines } from './textLayout.ts';
import { exitCodes, type CommandContext, type CommandResult, type Report } from './commandContext.ts';
import { databaseOption, type DatabaseOptions, databaseTarget, nonEmpty } from './databaseOption.ts';

interface CountsOptions extends DatabaseOptions {
  readonly label?: string;
  readonly compareTo?: string;
  readonly runId?: string;
}

/** `counts`: how many telemetry events there are now, kept under a label to compare with later. */
export function addCountsCommand(program: Command, context: CommandContext, report: Report): void {
  program
    .command('counts')
    .description('Save the number of telemetry events in .autonomous_runs/telemetry_counts.jsonl.')
    .addOption(databaseOption())
    .option('--label <label>', 'save these counts under a name, such as before-drain')
    .option('--compare-to <label>', 'show what was added since the counts with that label')
    .option('--run-id <id>', 'only the events of this run')
    .option('--json', 'print one JSON object')
    .action((options: CountsOptions) => report(options, counts(options, context)));
}

async function counts(options: CountsOptions, context: CommandContext): Promise<CommandResult> {
  const { path, databaseUrl } = databaseTarget(options, context);
  const runId = options.runId ?? null;
  const label = nonEmpty(options.label);
  if (label === undefined && options.compareTo === undefined) throw nothingAsked();
  const file = countsFilePath(context.cwd);
  const before =
    options.compareTo === undefined ? null : await lastOf(options.compareTo, databaseUrl, runId, file);
  const value = await countEvents(path, runId, context);
  const now: CountsRecord = {
    timestamp: new Date(context.clock.now()).toISOString(),
    database_url: databaseUrl,
    run_id: runId,
    label: label ?? '',
    counts: value,
  };
  if (label !== undefined) await appendCounts(file, now);
  const added = before === null ? null : countsDifference(before.counts, now.counts);
  return {
    exitCode: exitCodes.good,
    json: { file, ...now, label: label ?? null, ...(before === null ? {} : { comparedTo: before, added }) },
    text: describe(now, before),
  };
}

/** Refuses where nothing can have been meant: no count of another program's database, or of a mistyped run, is zero. */
async function countEvents(
  path: string,
  runId: string | null,
  { reader, signal }: CommandContext,
): Promise<EventCounts> {
  const runIds = runId === null ? [] : [runId];
  const { value: fingerprint } = await reader.request(path, 'databaseFingerprint', { runIds }, signal);
  if (!fingerprint.isAutopack) throw notAutopack(path, 'Name a database of Autopack.');
  const { value } = await reader.request(path, 'eventCounts', { runId }, signal);
  // Events tell of runs that were never stored, too.
  const isKnown = fingerprint.known.length > 0 || Object.values(value).some((count) => count > 0);
  if (runId === null || isKnown) return value;
  throw new UserFacingError(
    'unknown-run',
    `There is no run ${runId} in the database.`,
    'Check the identity of the database and the id of the run.',
  );
}

function nothingAsked(): UserFacingError {
  return new UserFacingError(
    'invalid-argument',
    'Neither --label nor --compare-to was given.',
    'Give --label <label> to save the counts, or --compare-to <label>.',
  );
}

async function lastOf(
  label: string,
  databaseUrl: string,
  runId: string | null,
  file: string,
): Promise<CountsRecord> {
  const { records } = await readCounts(file);
  const own = records.filter((one) => one.database_url === databaseUrl && one.run_id === runId);
  const found = own.findLast((one) => one.label === label);
  if (found !== undefined) return found;
  const labels = [...new Set(own.map((one) => one.label))];
  throw new UserFacingError(
    'invalid-argument',
    `There are no counts of this ${runId === null ? 'database' : 'run'} under the label ${label}.`,
    labels.length === 0 ? 'Save some first, with --label alone.' : `Its labels are: ${labels.join(', ')}.`,
  );
}

function describe(now: CountsRecord, before: CountsRecord | null): string {
  const added = before === null ? null : countsDifference(before.counts, now.counts);
  const row = (name: string, key: keyof CountsRecord['counts']): string[] => [
    name,
    String(now.counts[key]),
    ...(added === null ? [] : [`${added[key] >= 0 ? '+' : ''}${added[key]} since ${before?.label ?? ''}`]),
  ];
  const rows = [
    row('Token estimation events', 'token_estimation_v2_events'),
    row('Budget escalation events', 'token_budget_escalation_events'),
  ];
  return textLines([...(now.label === '' ? [] : [`Saved as ${now.label}.`]), ...alignColumns(rows, [1])]);
}
