import assert from 'node:assert/strict';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parsePostgresUrl } from '../../../../src/core/db/postgresUrl.ts';
import { UserFacingError } from '../../../../src/core/errors.ts';
import { encryptionAttempts, sslModeOf } from '../../../../src/node/postgres/encryption.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const locationOf = (parameters: string) =>
  parsePostgresUrl(`postgresql://me@db.example/autopack${parameters}`, { user: '' }).location;

describe('the encryption of a connection', () => {
  const folder = temporaryFolder();
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

  for (const name of ['sslrootcert', 'sslcert', 'sslkey']) {
    it(`names ${name} where its file is missing`, async () => {
      const path = join(folder(), 'missing.pem');
      await assert.rejects(
        encryptionAttempts(locationOf(`?sslmode=verify-ca&${name}=${encodeURIComponent(path)}`)),
        (error) =>
          error instanceof UserFacingError &&
          error.message === `The connection is not made: ${name} names ${path}, and there is no such file.`,
      );
    });
  }

  it('takes a certificate by a link, as secrets are mounted into containers', async () => {
    const [file, link] = [join(folder(), 'data.pem'), join(folder(), 'ca.pem')];
    await writeFile(file, 'a certificate');
    await symlink(file, link);
    const [attempt] = await encryptionAttempts(
      locationOf(`?sslmode=verify-full&sslrootcert=${encodeURIComponent(link)}`),
    );
    assert.equal((attempt?.ssl as { readonly ca?: string }).ca, 'a certificate');
  });
});
