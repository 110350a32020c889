import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { UserFacingError } from '../core/errors.ts';
import { eventFormats, type EventFormatName } from '../core/telemetry/report/eventFormats.ts';
import {
  describeFilter,
  conditionsOf,
  type TelemetryFilter,
} from '../core/telemetry/page/telemetryFilter.ts';
import { printable } from '../core/text/printable.ts';
import { refuseForeignNote, writeExportNote, writeExport } from '../node/telemetry/writeExport.ts';
import type { CommandContext } from './commandContext.ts';
import type { CommandResult, Report } from './commandResult.ts';
import { databaseOption, databaseTarget } from './databaseOption.ts';
import { exitCodes } from './exitCodes.ts';
import { exportedEvents, type ExportedEvents, type ExportSource, reportChunks } from './exportChunks.ts';
import { addFilters, filterOf } from './filterOptions.ts';
import { logFolderOption } from './telemetrySource.ts';

interface ExportOptions extends ExportSource {
  readonly format: 'md' | 'html' | EventFormatName;
  readonly output?: string;
  readonly overwrite?: boolean;
}

/** `export`: the report, or every event, for other programs. */
export function addExportCommand(program: Command, context: CommandContext, report: Report): void {
  const command = program
    .command('export')
    .description('Write the report (md, html) or every event (csv, ndjson, otlp) for other programs.')
    .addOption(databaseOption())
    .addOption(
      new Option('--format <format>', 'what to write')
        .choices(['md', 'html', ...eventFormats])
        .makeOptionMandatory(),
    )
    .option('--output <file>', 'where to write it, instead of printing it')
    .option('--overwrite', 'replace the file if it is there')
    .option('--success-only', 'md, html: only samples of successful phases');
  addFilters(command)
    .addOption(logFolderOption().conflicts('json'))
    .option('--json', 'with --output: print what was written as one JSON object')
    .action((options: ExportOptions) => report(options, exportTelemetry(options, context)));
}

async function exportTelemetry(options: ExportOptions, context: CommandContext): Promise<CommandResult> {
  const { format, output, overwrite = false } = options;
  // Refused before a file is begun.
  const filter = filterOf(options);
  const done: ExportedEvents = { events: 0, of: 0 };
  const isReport = format === 'md' || format === 'html';
  const chunks = isReport
    ? reportChunks(format, options, context)
    : exportedEvents(format, options, context, done);
  if (output === undefined) {
    if (options.json === true) throw needsOutput();
    for await (const chunk of chunks) context.stdout(chunk);
    return { exitCode: exitCodes.good, json: null, text: '' };
  }
  const path = resolve(context.cwd, output);
  refuseDatabase(path, options, context);
  const needsNote = format === 'csv' || format === 'ndjson';
  if (needsNote) await refuseForeignNote(path);
  const database = isReport ? undefined : databaseTarget(options, context).path;
  await writeExport({ path, overwrite, database }, chunks, context.signal).catch((error: unknown) => {
    throw mayOverwrite(error, path);
  });
  if (database === undefined) return written({ path, format, ...conditionsJson(filter) }, `Wrote ${path}.`);
  const note = needsNote
    ? await writeExportNote(path, { database, exportedAt: context.clock.now(), ...done, filter })
    : null;
  const count = conditionsOf(filter) > 0 ? `${done.events} of ${done.of} events` : `${done.events} events`;
  return written(
    { path, format, events: done.events, ...conditionsJson(filter), ...(note === null ? {} : { note }) },
    `Wrote ${count} to ${printable(path, Infinity)}.${note === null ? '' : `\nThe filter is told in ${printable(note, Infinity)}.`}`,
  );
}

function written(json: unknown, text: string): CommandResult {
  return { exitCode: exitCodes.good, json, text };
}

/** Absent without a filter. */
function conditionsJson(filter: TelemetryFilter): { readonly filter?: Readonly<Record<string, string>> } {
  if (conditionsOf(filter) === 0) return {};
  return { filter: Object.fromEntries(describeFilter(filter).map(({ name, words }) => [name, words])) };
}

function refuseDatabase(path: string, options: ExportOptions, context: CommandContext): void {
  if (options.logDir !== undefined && options.database === undefined) return;
  if (path !== databaseTarget(options, context).path) return;
  throw new UserFacingError(
    'invalid-argument',
    '--output names the database itself.',
    'Name another file: an export must not replace the database.',
  );
}

/** Here, unlike where databases are made, there is a way to replace what is there. */
function mayOverwrite(error: unknown, path: string): unknown {
  if (!(error instanceof UserFacingError) || error.code !== 'exists') return error;
  return new UserFacingError(
    'exists',
    `${path} exists already.`,
    'Choose another name, or pass --overwrite.',
  );
}

function needsOutput(): UserFacingError {
  return new UserFacingError(
    'invalid-argument',
    '--json tells what was written, and nothing is written without --output.',
    'Add --output <file>, or leave --json out.',
  );
}
