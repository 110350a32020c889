import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { UserFacingError } from '../../../../src/core/errors.ts';
import { postgresError } from '../../../../src/node/postgres/postgresError.ts';

describe('an error of the client for PostgreSQL', () => {
  it('says that a password is wanted where none is known', () => {
    const error = postgresError(
      new Error('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string'),
      'postgresql://me@db:5432/autopack',
    );
    assert.ok(error instanceof UserFacingError);
    assert.equal(error.code, 'no-permission');
    assert.match(error.message, /requires a password, and none is known for autopack on db\./);
  });

  it('says how a certificate is trusted, not how Node is started', () => {
    const advice = '; if the root CA is installed locally, try running Node.js with --use-system-ca';
    const given = Object.assign(new Error(`self-signed certificate${advice}`), {
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
    const error = postgresError(given, 'postgresql://me@db:5432/autopack');
    assert.ok(error instanceof UserFacingError);
    assert.match(error.message, /for autopack on db: self-signed certificate\.$/);
    assert.match(error.nextStep, /sslrootcert/);
  });
});
