import assert from 'node:assert/strict';
import { type ErrorCode, UserFacingError } from '../../src/core/errors.ts';

/** Asserts that a promise rejects with a `UserFacingError` of that code, and hands it back. */
export async function rejectsWith(code: ErrorCode, promise: Promise<unknown>): Promise<UserFacingError> {
  const error: unknown = await promise.then(
    () => assert.fail(`nothing was thrown; expected "${code}"`),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UserFacingError)) throw error;
  assert.equal(error.code, code, error.message);
  assert.match(error.message, /^[^\n]+\.$/, 'one line that is a sentence');
  assert.match(error.nextStep, /^[^\n]+\.$/, 'one line that is a sentence');
  return error;
}
