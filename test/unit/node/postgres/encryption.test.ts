import assert from 'node:assert/strict';
import { parsePostgresUrl } from '../../../../src/core/db/postgresUrl.ts';
import { UserFacingError } from '../../../../src/core/errors.ts';
import { encryptionAttempts, sslModeOf } from '../../../../src/node/postgres/encryption.ts';

const locationOf = (parameters: string) =>
  parsePostgresUrl(`postgresql://me@db.example/autopack${parameters}`, { user: '' }).location;

describe('the encryption of a connection', () => {
  const { PGSSLMODE: before } = process.env;
  afterEach(() => {
    if (before === undefined) delete process.env.PGSSLMODE;
    else process.env.PGSSLMODE = before;
  });

  it('is never less than what was asked for, whatever asked for it', () => {
    delete process.env.PGSSLMODE;
    assert.equal(sslModeOf(locationOf('')), 'prefer');
    assert.equal(sslModeOf(locationOf('?ssl=require')), 'require');
    assert.equal(sslModeOf(locationOf('?ssl=true')), 'require');
    assert.equal(sslModeOf(locationOf('?sslrootcert=system')), 'verify-full');
    process.env.PGSSLMODE = 'verify-full';
    assert.equal(sslModeOf(locationOf('')), 'verify-full');
    assert.equal(sslModeOf(locationOf('?sslmode=disable')), 'disable');
  });

  for (const parameters of ['?sslmode=verify_full', '?sslmode=require&sslrootcert=system']) {
    it(`is refused with ${parameters}, as libpq does`, async () => {
      await assert.rejects(
        encryptionAttempts(locationOf(parameters)),
        (error) => error instanceof UserFacingError && error.code === 'invalid-url',
      );
    });
  }
});
