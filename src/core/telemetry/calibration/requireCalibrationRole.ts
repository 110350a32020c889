import { UserFacingError } from '../../errors.ts';
import type { DatabaseRole } from '../../model/databaseFacts.ts';

/** Throws `wrong-role` for a database that is no telemetry seed, unless any role is meant: a backlog's failures are not representative. */
export function requireCalibrationRole(role: DatabaseRole, anyRole: boolean): void {
  if (role === 'seed' || anyRole) return;
  throw new UserFacingError(
    'wrong-role',
    `Calibration works on telemetry seed databases; the role of this one is ${role}.`,
    'Select a seed database, or pass --any-role if you know that its phases are representative.',
  );
}
