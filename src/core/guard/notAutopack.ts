import { UserFacingError } from '../errors.ts';

/** The refusal of a file that lacks the tables every database of Autopack has; `path` is absolute. */
export function notAutopack(path: string, nextStep: string): UserFacingError {
  return new UserFacingError(
    'not-autopack',
    `${path} is not an Autopack database: it lacks the tables runs and phases.`,
    nextStep,
  );
}
