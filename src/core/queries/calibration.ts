import { UserFacingError } from '../errors.ts';
import { readRole } from '../identity/role.ts';
import { calibrate } from '../telemetry/calibration/calibrate.ts';
import type { CalibrationOptions, CalibrationResult } from '../telemetry/calibration/calibrationProposal.ts';
import type { QueryContext } from './queryContext.ts';
import { readTelemetrySamples } from './telemetry.ts';

/**
 * What the telemetry of a database bears for a calibration. Fails with `no-telemetry-table`, and with `wrong-role` where
 * the database is no telemetry seed, unless `anyRole` says that this is meant: a backlog's failures are not representative.
 */
export function calibration(context: QueryContext, options: CalibrationOptions): CalibrationResult {
  const { role } = readRole(context.db, context.schema);
  if (role !== 'seed' && options.anyRole !== true) {
    throw new UserFacingError(
      'wrong-role',
      `Calibration works on telemetry seed databases; the role of this one is ${role}.`,
      'Select a seed database, or pass --any-role if you know that its phases are representative.',
    );
  }
  return calibrate(readTelemetrySamples(context, true), options);
}
