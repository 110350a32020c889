import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parsePostgresUrl } from '../../../src/core/db/postgresUrl.ts';
import { PostgresConnection } from '../../../src/node/postgres/connection.ts';
import { users } from '../../support/postgres/postgresServer.ts';
import { postgresServer } from '../../support/postgres/usePostgres.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

/** Where a password stands: the right one, another, or an empty one; `undefined` is nowhere. */
type Given = 'right' | 'wrong' | 'empty';

interface Case {
  readonly url?: Given;
  readonly environment?: Given;
  /** The lines of the password file; `RIGHT` and `WRONG` stand for passwords, `PORT` for the port. */
  readonly file?: string;
  readonly mode?: number;
  /** Whether the file lies where it is looked for by default, and not where PGPASSFILE says. */
  readonly isAtHome?: boolean;
  readonly bySocket?: boolean;
  readonly connects: boolean;
}

/** As libpq has it: https://www.postgresql.org/docs/current/libpq-pgpass.html and libpq-envars.html. */
const cases: Readonly<Record<string, Case>> = {
  nothing: { connects: false },
  'the URL': { url: 'right', connects: true },
  'the URL before PGPASSWORD': { url: 'right', environment: 'wrong', connects: true },
  'a wrong one in the URL, with a right PGPASSWORD': { url: 'wrong', environment: 'right', connects: false },
  'the URL before the file': { url: 'wrong', file: '*:*:*:*:RIGHT', connects: false },
  'an empty one in the URL, which counts for nothing': { url: 'empty', environment: 'right', connects: true },
  'PGPASSWORD before the file': { environment: 'wrong', file: '*:*:*:*:RIGHT', connects: false },
  'an empty PGPASSWORD, which counts for nothing': {
    environment: 'empty',
    file: '*:*:*:*:RIGHT',
    connects: true,
  },
  'the file': { file: 'localhost:PORT:pass words:autopack:RIGHT', connects: true },
  'the file at home': { file: '*:*:*:*:RIGHT', isAtHome: true, connects: true },
  'the first line that matches': { file: '*:*:*:*:WRONG\n*:*:*:*:RIGHT', connects: false },
  'a line for another port': { file: 'localhost:1:*:*:RIGHT', connects: false },
  'a line for another database': { file: '*:*:other:*:RIGHT', connects: false },
  'a line for another user': { file: '*:*:*:other:RIGHT', connects: false },
  'a line for another host': { file: 'db.example:*:*:*:RIGHT', connects: false },
  'a line after a comment': { file: '#*:*:*:*:WRONG\n\n*:*:*:*:RIGHT', connects: true },
  'a line that is no line': { file: 'nonsense\n*:*:*:*:RIGHT', connects: true },
  'a line with a field more': { file: '*:*:*:*:RIGHT:more', connects: true },
  'a line with the end of Windows': { file: '*:*:*:*:RIGHT\r\n', connects: true },
  'a file that its group may read': { file: '*:*:*:*:RIGHT', mode: 0o640, connects: false },
  'a file that others may read': { file: '*:*:*:*:RIGHT', mode: 0o604, connects: false },
  'a file that its owner may only read': { file: '*:*:*:*:RIGHT', mode: 0o400, connects: true },
  'a socket, by its folder': { bySocket: true, file: 'FOLDER:*:*:*:RIGHT', connects: true },
  'a socket in a folder of its own, which is not localhost': {
    ...{ bySocket: true, file: 'localhost:*:*:*:RIGHT', connects: false },
  },
};

describe('the password of a PostgreSQL connection', function () {
  this.timeout(30_000);
  const server = postgresServer();
  const folder = temporaryFolder();
  const name = 'pass words';
  const hasPsql = spawnSync('psql', ['--version']).status === 0;
  const names = ['PGPASSWORD', 'PGPASSFILE', 'HOME'] as const;
  const given = new Map(names.map((each) => [each, process.env[each]]));
  const inFile = (password: string): string => password.replaceAll(/[:\\]/g, String.raw`\$&`);

  before(() => server().createDatabase(name));
  afterEach(() => {
    for (const [each, value] of given) {
      if (value === undefined) Reflect.deleteProperty(process.env, each);
      else process.env[each] = value;
    }
  });

  /** Puts passwords where a case has them, in the environment of this process, and gives the URL. */
  async function arranged({
    url,
    environment,
    file,
    mode = 0o600,
    isAtHome,
    bySocket,
  }: Case): Promise<string> {
    const { password: right } = users.owner;
    const words: Readonly<Record<Given, string>> = { right, wrong: 'wrong', empty: '' };
    const path = join(folder(), isAtHome === true ? '.pgpass' : 'passwords');
    if (file !== undefined) {
      const text = file
        .replaceAll('RIGHT', () => inFile(right))
        .replaceAll('WRONG', 'wrong')
        .replaceAll('PORT', String(server().port))
        .replaceAll('FOLDER', () => inFile(server().folder));
      await writeFile(path, `${text}\n`);
      await chmod(path, mode);
    }
    process.env.HOME = folder();
    delete process.env.PGPASSWORD;
    delete process.env.PGPASSFILE;
    if (isAtHome !== true) process.env.PGPASSFILE = path;
    if (environment !== undefined) process.env.PGPASSWORD = words[environment];
    const whole = bySocket === true ? server().socketUrl(name) : server().url(name);
    const credentials = `autopack:${encodeURIComponent(right)}@`;
    assert.ok(whole.includes(credentials), whole);
    const own = url === undefined ? 'autopack@' : `autopack:${encodeURIComponent(words[url])}@`;
    return whole.replace(credentials, own);
  }

  for (const [what, each] of Object.entries(cases)) {
    it(`is taken from ${what}: ${each.connects ? 'connects' : 'does not connect'}`, async () => {
      const url = await arranged(each);
      const connection = await PostgresConnection.open(parsePostgresUrl(url, { user: '' }), {
        isReadOnly: true,
      }).catch((error: unknown) => {
        assert.match(String(error), /password/i);
        return null;
      });
      await connection?.close();
      assert.equal(connection !== null, each.connects);
      if (!hasPsql) return;
      const { status, stderr } = spawnSync('psql', [url, '-w', '-X', '-c', 'SELECT 1'], { encoding: 'utf8' });
      assert.equal(status === 0, each.connects, `libpq itself: ${stderr}`);
    });
  }
});
