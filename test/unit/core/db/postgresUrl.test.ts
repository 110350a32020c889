import assert from 'node:assert/strict';
import { isThisMachine, parsePostgresUrl } from '../../../../src/core/db/postgresUrl.ts';
import { UserFacingError } from '../../../../src/core/errors.ts';

const hosts: Readonly<Record<string, boolean>> = {
  ...{ localhost: true, LocalHost: true, '127.0.0.1': true, '127.8.9.1': true, '::1': true },
  ...{ '::ffff:127.0.0.1': true, '/run/postgresql': true },
  ...{
    'localhost.example': false,
    '127.example': false,
    '128.0.0.1': false,
    '::2': false,
    'db.local': false,
  },
};

const parsed = (url: string) => parsePostgresUrl(url, { user: 'me' });

describe('the URL of a PostgreSQL database', () => {
  it('comes to a path that means the same', () => {
    for (const url of [
      'postgresql://a%40b:secret@Host.example/my%20data?application_name=x%26sslmode%3Ddisable',
      'postgresql://me@[::1]:5433/x?a%26b=c',
      'postgresql:///x?host=/run/postgresql',
      'postgresql://me@h/x?options=-csearch_path%3Dautopack',
    ]) {
      const { path } = parsed(url).location;
      assert.ok(!path.includes('secret'));
      const again = parsed(path).location;
      assert.deepEqual(
        { ...again, host: again.host.toLowerCase() },
        { ...parsed(url).location, host: again.host },
      );
    }
  });

  for (const url of [
    'postgresql://me@db.example/x?hostaddr=6.6.6.6',
    'postgresql://me@db.example/x?service=other',
    'postgresql://me@db.example/x?sslpassword=secret',
    'postgresql://me@evil.example%2Fx%3Fa=b@db.example/x?host=evil.example/x',
    'postgresql://me@db.example/x?host=a@b',
    'postgresql://me@db.example%3Fsslmode=disable/x',
  ]) {
    it(`is refused where it would lead elsewhere or show a secret: ${url}`, () => {
      assert.throws(
        () => parsed(url),
        (error) =>
          error instanceof UserFacingError &&
          error.code === 'invalid-url' &&
          !error.message.includes('=secret'),
      );
    });
  }

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

  it('leads to this very machine by a socket and every loopback address, and by no other host', () => {
    for (const [host, isHere] of Object.entries(hosts)) assert.equal(isThisMachine(host), isHere, host);
  });

  it('leaves the password out of the path, wherever it stands', () => {
    for (const url of ['postgresql://a:hush@c/d', 'postgresql://a@c/d?password=hush']) {
      const { location, password } = parsePostgresUrl(url, { user: '' });
      assert.deepEqual([location.path, password], ['postgresql://a@c:5432/d', 'hush']);
    }
  });
});
