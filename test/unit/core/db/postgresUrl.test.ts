import assert from 'node:assert/strict';
import { parsePostgresUrl } from '../../../../src/core/db/postgresUrl.ts';
import { UserFacingError } from '../../../../src/core/errors.ts';

describe('the URL of a PostgreSQL database', () => {
  for (const name of ['sslpassword', 'scram_client_key', 'scram_server_key', 'oauth_client_secret']) {
    it(`may have no secret in ${name}, which its path would keep`, () => {
      assert.throws(
        () => parsePostgresUrl(`postgresql://a:b@c/d?${name}=hush-hush&sslmode=require`, { user: '' }),
        (error) =>
          error instanceof UserFacingError &&
          error.code === 'invalid-url' &&
          error.message.includes(name) &&
          !error.message.includes('hush'),
      );
    });
  }

  it('leaves the password out of the path, wherever it stands', () => {
    for (const url of ['postgresql://a:hush@c/d', 'postgresql://a@c/d?password=hush']) {
      const { location, password } = parsePostgresUrl(url, { user: '' });
      assert.deepEqual([location.path, password], ['postgresql://a@c:5432/d', 'hush']);
    }
  });
});
