import { Option, type Command } from 'commander';
import { resolve } from 'node:path';
import { UserFacingError } from '../core/errors.ts';
import {
  describeFilter,
  conditionsOf,
  type TelemetryFilter,
} from '../core/telemetry/page/telemetryFilter.ts';
import type { TelemetryOptions } from '../core/telemetry/analysis/telemetryAnalysis.ts';
import { eventFormats } from '../core/telemetry/report/eventFormats.ts';
import { printable } from '../core/text/printable.ts';
import {
  exportChunks,
  nothingExported,
  type ExportedSamples,
  type TelemetryExport,
  type TelemetryExportFormat,
} from '../reader/exportChunks.ts';
import { sha256Hex } from '../node/system/systemPorts.ts';
import { exportToFile, writeExport } from '../node/telemetry/writeExport.ts';
import { refuseUnplaceable } from '../node/writer/placeNewFile.ts';
import { exitCodes, type CommandContext, type CommandResult, type Report } from './commandContext.ts';
import { databaseOption, databaseTarget, type DatabaseOptions } from './databaseOption.ts';
import { addFilters, filterOf, type FilterOptions } from './filterOptions.ts';
import { logFolderOption, writeTelemetryReport, type TelemetryRequest } from './telemetryRequest.ts';

interface ExportOptions extends ExportSource {
  readonly format: TelemetryExportFormat;
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
  const { format, output, overwrite = false, logDir } = options;
  // Refused before a file is begun.
  const filter = filterOf(options);
  if (output === undefined && options.json === true) throw needsOutput();
  const target = { path: resolve(context.cwd, output ?? ''), overwrite };
  if (output !== undefined) {
    refuseDatabase(target.path, options, context);
    if (!overwrite) await refuseExisting(target.path);
  }
  if (logDir !== undefined) {
    if (format !== 'md' && format !== 'html') throw logsHaveNoEvents();
    const text = await writeTelemetryReport(format, reportOf(options, filter), looking(options), context);
    if (output === undefined) return printed([text], context);
    await writeExport(target, [text], context.signal);
    return written(
      { path: target.path, format, ...conditionsJson(filter) },
      `Wrote ${printable(target.path, Infinity)}.`,
    );
  }
  const request: TelemetryExport = {
    reader: context.reader,
    database: databaseTarget(options, context).path,
    ...{ format, filter, options: looking(options), version: context.version, sha256: sha256Hex },
    onChange: () => context.stderr('note: the database was written while it was exported.\n'),
  };
  const exported = nothingExported();
  if (output === undefined) return printed(exportChunks(request, exported, context.signal), context);
  const note = await exportToFile(request, target, exported, context.clock, context.signal);
  return exportedResult(request, target.path, exported, note);
}

async function printed(
  chunks: AsyncIterable<string> | Iterable<string>,
  context: CommandContext,
): Promise<CommandResult> {
  for await (const chunk of chunks) context.stdout(chunk);
  return { exitCode: exitCodes.good, json: null, text: '' };
}

function exportedResult(
  { format, filter }: TelemetryExport,
  path: string,
  { samples: events, of }: ExportedSamples,
  note: string | null,
): CommandResult {
  const conditions = conditionsJson(filter);
  if (format === 'md' || format === 'html')
    return written({ path, format, ...conditions }, `Wrote ${printable(path, Infinity)}.`);
  const count = conditionsOf(filter) > 0 ? `${events} of ${of} events` : `${events} events`;
  const noted = note === null ? '' : `\nThe filter is saved in ${printable(note, Infinity)}.`;
  return written(
    { path, format, events, ...conditions, ...(note === null ? {} : { note }) },
    `Wrote ${count} to ${printable(path, Infinity)}.${noted}`,
  );
}

/** How a report looks at the samples. */
function looking({ successOnly = false }: ExportSource): TelemetryOptions {
  return { successOnly, stratify: true, underMultiplier: 1 };
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
async function refuseExisting(path: string): Promise<void> {
  try {
    await refuseUnplaceable(path);
  } catch (error) {
    if (!(error instanceof UserFacingError) || error.code !== 'exists') throw error;
    throw new UserFacingError(
      'exists',
      `${path} exists already.`,
      'Choose another name, or pass --overwrite.',
    );
  }
}

function needsOutput(): UserFacingError {
  return new UserFacingError(
    'invalid-argument',
    '--json reports what was written, so it needs --output.',
    'Add --output <file>, or leave --json out.',
  );
}

/** What is exported. */
interface ExportSource extends DatabaseOptions, FilterOptions {
  readonly logDir?: string;
  readonly successOnly?: boolean;
}

function reportOf({ database, logDir }: ExportSource, filter: TelemetryFilter): TelemetryRequest {
  return {
    ...(database === undefined ? {} : { database }),
    ...(logDir === undefined ? {} : { logDir }),
    ...(conditionsOf(filter) === 0 ? {} : { filter }),
    withEvidence: true,
  };
}

function logsHaveNoEvents(): UserFacingError {
  return new UserFacingError(
    'invalid-argument',
    'Logs do not record the phase of a call, so they cannot be exported as events.',
    'Export a report of them (--format md or html), or leave --log-dir out.',
  );
}
