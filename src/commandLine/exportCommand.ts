import { Option, type Command } from 'commander';
import { resolve } from 'node:path';
import { UserFacingError } from '../core/errors.ts';
import {
  describeFilter,
  conditionsOf,
  type TelemetryFilter,
} from '../core/telemetry/page/telemetryFilter.ts';
import { eventFormats, eventFormat, type EventFormatName } from '../core/telemetry/report/eventFormats.ts';
import { printable } from '../core/text/printable.ts';
import { sha256Hex } from '../node/system/systemPorts.ts';
import {
  refuseForeignNote,
  writeExportNote,
  writeExport,
  eventChunks,
} from '../node/telemetry/writeExport.ts';
import { exitCodes, type CommandContext, type CommandResult, type Report } from './commandContext.ts';
import { databaseOption, databaseTarget, type DatabaseOptions } from './databaseOption.ts';
import { addFilters, filterOf, type FilterOptions } from './filterOptions.ts';
import { logFolderOption, writeTelemetryReport } from './telemetrySource.ts';

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

/** What is exported. */
interface ExportSource extends DatabaseOptions, FilterOptions {
  readonly logDir?: string;
  readonly successOnly?: boolean;
}

/** What came of an export of events; filled in while it runs. */
interface ExportedEvents {
  events: number;
  /** How many events there are in all. */
  of: number;
}

/** The report, as text. */
async function* reportChunks(
  format: 'md' | 'html',
  options: ExportSource,
  context: CommandContext,
): AsyncGenerator<string, void, undefined> {
  const looking = { successOnly: options.successOnly ?? false, stratify: true, underMultiplier: 1 };
  const filter = filterOf(options);
  const { database, logDir } = options;
  const request = {
    ...(database === undefined ? {} : { database }),
    ...(logDir === undefined ? {} : { logDir }),
    ...(conditionsOf(filter) === 0 ? {} : { filter }),
    withEvidence: true,
  };
  yield await writeTelemetryReport(format, request, looking, context);
}

/** The events that the filters leave, a page at a time. */
async function* exportedEvents(
  name: EventFormatName,
  options: ExportSource,
  context: CommandContext,
  done: ExportedEvents,
): AsyncGenerator<string, void, undefined> {
  if (options.logDir !== undefined) throw logsHaveNoEvents();
  const { reader, signal } = context;
  const { path } = databaseTarget(options, context);
  const filter = filterOf(options);
  const format = eventFormat(name, sha256Hex, context.version, describeFilter(filter));
  const onPage = (events: number, changed: boolean): void => {
    done.events = events;
    if (changed) context.stderr('note: the database was written while it was exported.\n');
  };
  if (conditionsOf(filter) === 0) {
    yield* eventChunks({ reader, path, format, onPage }, signal);
    done.of = done.events;
    return;
  }
  const { value: selection } = await reader.request(path, 'selectedEvents', filter, signal);
  done.of = selection.of;
  yield* eventChunks({ reader, path, format, selection, onPage }, signal);
}

function logsHaveNoEvents(): UserFacingError {
  return new UserFacingError(
    'invalid-argument',
    'Logs do not tell which phase a call is of, so they cannot be exported as events.',
    'Export a report of them (--format md or html), or leave --log-dir out.',
  );
}
