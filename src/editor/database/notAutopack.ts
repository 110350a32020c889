import { basename } from 'node:path';
import { UserFacingError } from '../../core/errors.ts';
import type { DatabaseFacts } from '../../core/model/databaseFacts.ts';

/** The error a database of another program is, or `undefined` for one of Autopack. */
export function notAutopack(facts: DatabaseFacts): UserFacingError | undefined {
  if (!facts.warnings.some(({ code }) => code === 'not-autopack')) return undefined;
  return new UserFacingError(
    'not-autopack',
    `${basename(facts.path)} is not an Autopack database: it has no runs and phases.`,
    'Select another one, or create a telemetry seed database.',
  );
}
