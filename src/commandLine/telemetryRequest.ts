import { resolve } from 'node:path';
import { Option } from 'commander';
import { UserFacingError } from '../core/errors.ts';
import { renderTelemetryHtml } from '../core/telemetry/report/htmlReport.ts';
import { withLogs } from '../core/telemetry/logs/reconcileLogs.ts';
import type { TelemetryOptions } from '../core/telemetry/analysis/telemetryAnalysis.ts';
import {
  telemetryFindings,
  type FindingsQuestion,
  type TelemetryFindings,
} from '../core/telemetry/report/telemetryFindings.ts';
import { renderTelemetryReport } from '../core/telemetry/report/telemetryReport.ts';
import { readLogFolder } from '../node/telemetry/readLogFolder.ts';
import type { CommandContext } from './commandContext.ts';
import { type DatabaseOptions, type DatabaseTarget, databaseTarget } from './databaseOption.ts';

/** `--log-dir`, the same wherever telemetry is read. */
export function logFolderOption(): Option {
  return new Option(
    '--log-dir <folder>',
    'read telemetry from the .log and .txt files in it too; without a database, from them alone',
  );
}

/** Where telemetry is to be read, and how it is to be looked at. */
export interface TelemetryRequest extends DatabaseOptions, FindingsQuestion {
  readonly logDir?: string;
}

/** Analyses a database, logs, or both with each call once. */
export async function findTelemetry(
  request: TelemetryRequest,
  options: TelemetryOptions,
  context: CommandContext,
): Promise<TelemetryFindings> {
  const question = questionOf(request);
  if (request.logDir === undefined) {
    const { path } = databaseTarget(request, context);
    return (await context.reader.request(path, 'telemetry', { options, ...question }, context.signal)).value;
  }
  const { samples, facts } = await readWithLogs(request.logDir, request, context);
  return { ...telemetryFindings(samples, options, question), logs: facts };
}

function questionOf({ suspects, withEvidence, filter }: TelemetryRequest): FindingsQuestion {
  return {
    ...(suspects === undefined ? {} : { suspects }),
    ...(withEvidence === undefined ? {} : { withEvidence }),
    ...(filter === undefined ? {} : { filter }),
  };
}

/** The report on a database, on logs, or on both, as Markdown or as one HTML page. */
export async function writeTelemetryReport(
  format: 'md' | 'html',
  request: TelemetryRequest,
  options: TelemetryOptions,
  context: CommandContext,
): Promise<string> {
  if (format === 'md') {
    const { analysis, ...extras } = await findTelemetry(request, options, context);
    return renderTelemetryReport(analysis, extras);
  }
  const question = questionOf(request);
  if (request.logDir === undefined) {
    const { path } = databaseTarget(request, context);
    const asked = { options, ...question };
    return (await context.reader.request(path, 'telemetryHtml', asked, context.signal)).value.html;
  }
  const { samples, facts } = await readWithLogs(request.logDir, request, context);
  return renderTelemetryHtml(samples, options, question, facts).html;
}

/** The samples of logs and, where one is named, of a database, each call once; `withDetails` reads deliverables too. */
export async function readWithLogs(
  logDir: string,
  options: DatabaseOptions,
  context: CommandContext,
  withDetails = false,
): Promise<ReturnType<typeof withLogs>> {
  const logs = await readLogFolder(resolve(context.cwd, logDir), context.signal);
  const database = optionalDatabase(options, context);
  if (database === null) return withLogs(null, logs);
  const { value } = await context.reader.request(
    database.path,
    'telemetrySamples',
    { withDetails },
    context.signal,
  );
  return withLogs(value, logs);
}

/** The database that is named, or `null`: logs do without. */
export function optionalDatabase(options: DatabaseOptions, context: CommandContext): DatabaseTarget | null {
  try {
    return databaseTarget(options, context);
  } catch (error) {
    if (error instanceof UserFacingError && error.code === 'no-database') return null;
    throw error;
  }
}
