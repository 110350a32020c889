import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { UserFacingError } from '../core/errors.ts';
import { eventFormat, eventFormats } from '../core/telemetry/export/eventFormats.ts';
import type { EventFormatName } from '../core/telemetry/export/eventFormats.ts';
import { sha256Hex } from '../node/identity/sha256Hex.ts';
import { eventChunks } from '../node/telemetry/eventChunks.ts';
import { writeExport } from '../node/telemetry/writeExport.ts';
import type { CommandContext } from './commandContext.ts';
import type { CommandResult, Report } from './commandResult.ts';
import { databaseOption, databaseTarget } from './databaseOption.ts';
import { exitCodes } from './exitCodes.ts';
import { logFolderOption, type TelemetryRequest, writeTelemetryReport } from './telemetrySource.ts';

interface ExportOptions extends TelemetryRequest {
  readonly format: 'md' | 'html' | EventFormatName;
  readonly output?: string;
  readonly overwrite?: boolean;
  readonly successOnly?: boolean;
}

/** `export`: the report, or every event, for other programs. */
export function addExportCommand(program: Command, context: CommandContext, report: Report): void {
  program
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
    .option('--success-only', 'md, html: only samples of successful phases')
    .addOption(logFolderOption().conflicts('json'))
    .option('--json', 'with --output: print what was written as one JSON object')
    .action((options: ExportOptions) => report(options, exportTelemetry(options, context)));
}

async function exportTelemetry(options: ExportOptions, context: CommandContext): Promise<CommandResult> {
  const { format, output, overwrite = false } = options;
  const progress = { events: 0 };
  const chunks =
    format === 'md' || format === 'html'
      ? reportChunks(format, options, context)
      : events(format, options, context, progress);
  if (output === undefined) {
    if (options.json === true) throw needsOutput();
    for await (const chunk of chunks) context.stdout(chunk);
    return { exitCode: exitCodes.good, json: null, text: '' };
  }
  const path = resolve(context.cwd, output);
  refuseDatabase(path, options, context);
  await writeExport({ path, overwrite }, chunks, context.signal).catch((error: unknown) => {
    throw mayOverwrite(error, path);
  });
  const isReport = format === 'md' || format === 'html';
  return {
    exitCode: exitCodes.good,
    json: { path, format, ...(isReport ? {} : progress) },
    text: isReport ? `Wrote ${path}.` : `Wrote ${progress.events} events to ${path}.`,
  };
}

async function* reportChunks(format: 'md' | 'html', options: ExportOptions, context: CommandContext) {
  const looking = { successOnly: options.successOnly ?? false, stratify: true, underMultiplier: 1 };
  yield await writeTelemetryReport(format, options, looking, context);
}

function events(
  name: EventFormatName,
  options: ExportOptions,
  context: CommandContext,
  progress: { events: number },
): AsyncIterable<string> {
  if (options.logDir !== undefined) throw logsHaveNoEvents();
  const { path } = databaseTarget(options, context);
  const format = eventFormat(name, sha256Hex, context.version);
  const onPage = (written: number, changed: boolean): void => {
    progress.events = written;
    if (changed) context.stderr('note: the database was written while it was exported.\n');
  };
  return eventChunks({ reader: context.reader, path, format, onPage }, context.signal);
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

function logsHaveNoEvents(): UserFacingError {
  return new UserFacingError(
    'invalid-argument',
    'Logs do not tell which phase a call is of, so they cannot be exported as events.',
    'Export a report of them (--format md or html), or leave --log-dir out.',
  );
}
