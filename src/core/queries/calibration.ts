import { readRole } from '../identity/role.ts';
import { calibrate } from '../telemetry/calibration/calibrate.ts';
import type { CalibrationOptions, CalibrationResult } from '../telemetry/calibration/calibrationProposal.ts';
import { requireCalibrationRole } from '../telemetry/calibration/requireCalibrationRole.ts';
import type { QueryContext } from './queryContext.ts';
import { readTelemetrySamples } from './telemetry.ts';

/**
 * What the telemetry of a database bears for a calibration. Fails with `no-telemetry-table`, and with `wrong-role`; see
 * `requireCalibrationRole`.
 */
export function calibration(context: QueryContext, options: CalibrationOptions): CalibrationResult {
  requireCalibrationRole(readRole(context.db, context.schema).role, options.anyRole === true);
  return calibrate(readTelemetrySamples(context, true), options);
}
