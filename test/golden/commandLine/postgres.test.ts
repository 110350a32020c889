import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CommandLineRun, runCommandLine } from '../../support/commandLine.ts';
import { loadIntoPostgres } from '../../support/postgres/loadDatabase.ts';
import { postgresServer } from '../../support/postgres/usePostgres.ts';
import { createBacklog } from '../../support/smallBacklog.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

describe('the command line on a PostgreSQL database', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  const server = postgresServer();
  let name = '';
  let file = '';
  beforeEach(async () => {
    file = join(folder(), 'backlog.db');
    createBacklog(file);
    name = await loadIntoPostgres(server(), 'command line', file);
  });

  /** Whatever is printed holds no password, in whichever spelling. */
  async function run(args: readonly string[], env: Record<string, string> = {}): Promise<CommandLineRun> {
    const cache = join(folder(), 'cache');
    const ended = await runCommandLine(args, { cwd: folder(), env: { XDG_CACHE_HOME: cache, ...env } });
    assert.doesNotMatch(`${ended.stdout}${ended.stderr}`, /only.{0,3}reads/);
    return ended;
  }

  const readerUrl = (): string => server().url(name, 'reader');

  it('prints what it prints of the SQLite database with the same content', async () => {
    const commands = [
      ['runs'],
      ['phases', 'build-1'],
      ['failures'],
      ['coverage'],
      ['stale'],
      ['journal'],
      ['runs', '--json'],
    ];
    for (const command of commands) {
      const expected = await run([...command, '--database', file]);
      const found = await run([...command, '--database', readerUrl()]);
      assert.equal(found.exitCode, expected.exitCode, found.stderr);
      assert.equal(
        found.stdout.replaceAll(/postgresql:\/\/[^\s"]+/g, '<database>'),
        expected.stdout.replaceAll('sqlite:///', '').replaceAll(file, '<database>'),
      );
    }
  });

  it('tells what it is connected to, by DATABASE_URL too, in the spelling of SQLAlchemy', async () => {
    const url = readerUrl().replace('postgresql://', 'postgresql+psycopg2://');
    const text = await run(['identity'], { DATABASE_URL: url });
    assert.equal(text.exitCode, 0, text.stderr);
    assert.match(text.stdout, /^Server +PostgreSQL 1\d/m);
    assert.match(text.stdout, /^User +autopack_reader, may only read$/m);
    assert.match(text.stdout, /^Encryption +not encrypted \(sslmode prefer\)$/m);
    assert.match(text.stderr, /postgresql\+psycopg2:\/\/ is how SQLAlchemy writes postgresql:\/\//);
    const json = JSON.parse((await run(['identity', '--json'], { DATABASE_URL: url })).stdout) as {
      readonly databaseUrl: string;
      readonly server: { readonly mayWrite: boolean };
    };
    assert.match(json.databaseUrl, /^postgresql:\/\/autopack_reader@localhost:\d+\/command%20line$/);
    assert.equal(json.server.mayWrite, false);
  });

  it('takes the password from the environment', async () => {
    const url = readerUrl().replace(/:[^:@/]*@/, '@');
    assert.equal((await run(['runs', '--database', url], { PGPASSWORD: 'only reads' })).exitCode, 0);
    const refused = await run(['runs', '--database', url], { PGPASSWORD: 'another' });
    assert.equal(refused.exitCode, 2);
    assert.match(refused.stderr, /does not let this user in/);
  });

  it('says where something else is named, and where nothing is', async () => {
    const unset = await run(['doctor', '--database', readerUrl()]);
    assert.match(
      unset.stdout,
      /DATABASE_URL is not set here: .* takes its default, not command line on localhost/,
    );
    await writeFile(join(folder(), '.env'), `DATABASE_URL=sqlite:///${file}\n`);
    const other = await run(['doctor', '--database', readerUrl()]);
    assert.match(
      other.stdout,
      /names the SQLite file .*backlog\.db, and the selected database is PostgreSQL/,
    );
    await writeFile(join(folder(), '.env'), `DATABASE_URL=${readerUrl()}\n`);
    const kin = await run(['doctor', '--database', file]);
    assert.match(kin.stdout, /names a PostgreSQL database, command line on localhost/);
  });

  it('refuses what takes a file', async () => {
    for (const command of [
      ['backup'],
      ['restore', '--from', file],
      ['quickstart', '--executor', 'example'],
    ]) {
      const refused = await run([...command, '--database', readerUrl()]);
      assert.equal(refused.exitCode, 2, refused.stdout);
      assert.match(refused.stderr, /takes a SQLite file, and postgresql:\/\/autopack_reader@/);
    }
  });
});
