import { UserFacingError } from '../errors.ts';

/** The refusal of a file that lacks the tables every database of Autopack has; `path` is absolute, `notTables` what the schema has under their names. */
export function notAutopack(
  path: string,
  nextStep: string,
  notTables: readonly string[] = [],
): UserFacingError {
  const required = notTables.filter((table) => table === 'runs' || table === 'phases');
  const problem =
    required.length === 0
      ? 'it lacks the tables runs and phases'
      : `${required.join(' and ')} ${required.length === 1 ? 'is a view or a virtual table' : 'are views or virtual tables'}, and Autopack makes ordinary ones`;
  return new UserFacingError('not-autopack', `${path} is not an Autopack database: ${problem}.`, nextStep);
}
