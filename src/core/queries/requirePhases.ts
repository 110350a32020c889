import type { TolerantSchema } from '../db/tolerantSchema.ts';
import { UserFacingError } from '../errors.ts';

/** Throws `not-autopack` where there is no phases table. */
export function requirePhases(schema: TolerantSchema): void {
  if (schema.hasTable('phases')) return;
  throw new UserFacingError(
    'not-autopack',
    'The database has no phases table.',
    'Select a database of Autopack, or create a telemetry seed database.',
  );
}
