import { resolve } from 'node:path';
import { calibrate, requireCalibrationRole } from '../core/telemetry/calibration/calibrate.ts';
import type { CalibrationOrigin } from '../core/telemetry/calibration/calibrationFile.ts';
import type {
  CalibrationOptions,
  CalibrationResult,
} from '../core/telemetry/calibration/calibrationProposal.ts';
import type { CommandContext } from './commandContext.ts';
import { type DatabaseOptions, databaseTarget } from './databaseOption.ts';
import { optionalDatabase, readWithLogs } from './telemetrySource.ts';

/** A calibration, and what it was made from. */
export interface FoundCalibration {
  readonly result: CalibrationResult;
  readonly origin: Pick<CalibrationOrigin, 'databaseUrl' | 'logs'>;
}

/** Calibrates by a database, by logs, or by both with each call once. Only a database has a role, and only it is held to one. */
export async function findCalibration(
  request: DatabaseOptions & { readonly logDir?: string },
  options: CalibrationOptions,
  context: CommandContext,
): Promise<FoundCalibration> {
  if (request.logDir === undefined) {
    const { path, databaseUrl } = databaseTarget(request, context);
    const { value } = await context.reader.ask(path, 'calibration', options, context.signal);
    return { result: value, origin: { databaseUrl } };
  }
  const folder = resolve(context.cwd, request.logDir);
  const database = optionalDatabase(request, context);
  if (database !== null) {
    const { value } = await context.reader.ask(database.path, 'identity', null, context.signal);
    requireCalibrationRole(value.role, options.anyRole === true);
  }
  const { samples, facts } = await readWithLogs(folder, request, context, true);
  return {
    result: calibrate(samples, options),
    origin: { databaseUrl: database?.databaseUrl ?? null, logs: { folder, ...facts } },
  };
}
