import { resolve } from 'node:path';
import { Option } from 'commander';
import { UserFacingError } from '../core/errors.ts';
import { analyseTelemetry } from '../core/telemetry/analyseTelemetry.ts';
import { renderTelemetryHtml } from '../core/telemetry/export/htmlReport.ts';
import { telemetryEvidence } from '../core/telemetry/evidence/telemetryEvidence.ts';
import { withLogs } from '../core/telemetry/reconcile/withLogs.ts';
import { listSuspects } from '../core/telemetry/suspects.ts';
import type { TelemetryAnalysis, TelemetryOptions } from '../core/telemetry/telemetryAnalysis.ts';
import { renderTelemetryReport } from '../core/telemetry/telemetryReport.ts';
import type { ReportExtras } from '../core/telemetry/telemetryReport.ts';
import { readLogFolder } from '../node/telemetry/readLogFolder.ts';
import type { CommandContext } from './commandContext.ts';
import { type DatabaseOptions, databaseTarget } from './databaseOption.ts';

/** `--log-dir`, the same wherever telemetry is read. */
export function logFolderOption(): Option {
  return new Option(
    '--log-dir <folder>',
    'read telemetry from the .log and .txt files in it too; without a database, from them alone',
  );
}

/** Where telemetry is to be read, and how it is to be looked at. */
export interface TelemetryRequest extends DatabaseOptions {
  readonly logDir?: string;
  /** How many suspect samples are listed; none by default. */
  readonly suspects?: number;
  /** Whether to tell how sure the figures are; not by default. */
  readonly withEvidence?: boolean;
}

/** What the telemetry says, and what a report tells besides. */
export interface TelemetryFindings extends ReportExtras {
  readonly analysis: TelemetryAnalysis;
}

/** Analyses a database, logs, or both with each call once. */
export async function findTelemetry(
  request: TelemetryRequest,
  options: TelemetryOptions,
  context: CommandContext,
): Promise<TelemetryFindings> {
  const { suspects: listed = 0, withEvidence = false } = request;
  if (request.logDir === undefined) {
    const { path } = databaseTarget(request, context);
    const params = { ...options, suspects: listed, withEvidence };
    const { value } = await context.reader.ask(path, 'telemetry', params, context.signal);
    const { suspects, evidence, ...analysis } = value;
    return {
      analysis,
      ...(suspects === undefined ? {} : { suspects }),
      ...(evidence === undefined ? {} : { evidence }),
    };
  }
  const { samples, facts } = await readWithLogs(request.logDir, request, context);
  const analysis = analyseTelemetry(samples, options);
  const evidence = withEvidence ? telemetryEvidence(samples) : null;
  return {
    analysis,
    ...(evidence === null ? {} : { evidence }),
    logs: facts,
    ...(listed > 0 ? { suspects: listSuspects(samples, listed) } : {}),
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
  if (request.logDir === undefined) {
    const { path } = databaseTarget(request, context);
    return (await context.reader.ask(path, 'telemetryHtml', options, context.signal)).value;
  }
  const { samples, facts } = await readWithLogs(request.logDir, request, context);
  return renderTelemetryHtml(samples, options, { logs: facts });
}

async function readWithLogs(logDir: string, options: DatabaseOptions, context: CommandContext) {
  const logs = await readLogFolder(resolve(context.cwd, logDir), context.signal);
  const path = optionalDatabase(options, context);
  if (path === null) return withLogs(null, logs);
  const { value } = await context.reader.ask(
    path,
    'telemetrySamples',
    { withDetails: false },
    context.signal,
  );
  return withLogs(value, logs);
}

function optionalDatabase(options: DatabaseOptions, context: CommandContext): string | null {
  try {
    return databaseTarget(options, context).path;
  } catch (error) {
    if (error instanceof UserFacingError && error.code === 'no-database') return null;
    throw error;
  }
}
