import assert from 'node:assert/strict';
import { join } from 'node:path';
import { runAs } from '../../support/guard/commandsAs.ts';
import { GuardWorld, suiteReader } from '../../support/guard/guardWorld.ts';
import { databaseSources } from '../../support/data/dataSources.ts';
import { canonicalCopy } from '../../support/postgres/canonicalCopy.ts';
import { loadIntoPostgres } from '../../support/postgres/loadDatabase.ts';
import { users } from '../../support/postgres/postgresServer.ts';
import { postgresServer } from '../../support/postgres/usePostgres.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const commands: readonly (readonly string[])[] = [
  ['runs'],
  ['runs', '--json'],
  ['phases', 'lantern-import-v5-again4', '--json'],
  ['failures'],
  ['failures', '--json'],
  ['analyze', '--json'],
  ['coverage', '--json'],
  ['requeue', '--all', '--dry-run'],
  ['stale', '--json'],
];

describe('the command line on SQLite and PostgreSQL', function () {
  this.timeout(60_000);
  const server = postgresServer();
  const folder = temporaryFolder();
  const reader = suiteReader();

  it('prints the same, but for what the database is called, and never a password', async () => {
    const [source] = databaseSources('backlog');
    const file = canonicalCopy(source?.path ?? '', join(folder(), 'backlog.db'));
    const name = await loadIntoPostgres(server(), 'same output', file);
    const url = server().url(name);
    const world = new GuardWorld(folder(), reader());
    for (const args of commands) {
      const expected = await runAs({}, world, ...args, '--database', file);
      const given = await runAs({}, world, ...args, '--database', url);
      const what = args.join(' ');
      assert.notEqual(expected.exitCode, 2, expected.stderr);
      assert.equal(given.exitCode, expected.exitCode, `${what}: ${given.stderr}`);
      assert.deepEqual(contentOf(given.stdout), contentOf(expected.stdout), what);
      for (const secret of [users.owner.password, encodeURIComponent(users.owner.password)])
        assert.ok(!`${given.stdout}${given.stderr}`.includes(secret), what);
    }
  });

  /** Without what a database is called; of JSON whatever the order of its keys. */
  function contentOf(stdout: string): unknown {
    const text = stdout
      .replaceAll(/postgresql:\/\/[^\s"',)]*\/same%20output/g, '<database>')
      .replaceAll(`sqlite:///${join(folder(), 'backlog.db')}`, '<database>')
      .replaceAll(join(folder(), 'backlog.db'), '<database>');
    return text.startsWith('{') ? (JSON.parse(text) as unknown) : text;
  }
});
