import assert from 'node:assert/strict';
import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSource } from '../../../../src/core/identity/databaseSource.ts';
import { drift, isDrifting, unnamedText, type SourceDrift } from '../../../../src/core/identity/drift.ts';
import type { Fix } from '../../../../src/core/identity/fix.ts';
import { collectDatabaseSources } from '../../../../src/node/maintenance/collectDatabaseSources.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

/** A source that names a database besides the selection, `seed.db` in the first folder. */
interface SourceCase {
  readonly name: string;
  readonly environment?: string;
  /** `DATABASE_URL` of the `.env` in the first and in the second folder. */
  readonly dotenv?: readonly [string | null, string | null];
  readonly setting?: string;
  readonly state: SourceDrift['state'];
  readonly message: RegExp;
  readonly fix?: Fix['kind'];
}

const cases: readonly SourceCase[] = [
  {
    name: 'an environment that agrees by an absolute URL',
    environment: 'sqlite:///<one>/seed.db',
    state: 'same',
    message: /DATABASE_URL in the environment names the selected database/,
  },
  {
    name: 'an environment that agrees by a relative URL and a link',
    environment: 'sqlite:///link.db',
    state: 'same',
    message: /names the selected database/,
  },
  {
    name: 'an environment that disagrees',
    environment: 'sqlite:///<one>/copy.db',
    state: 'differs',
    message: /names another file: .*copy\.db, not .*seed\.db/,
    fix: 'restart-with',
  },
  {
    name: 'an environment that names what is not there',
    environment: 'sqlite:///gone.db',
    state: 'missing',
    message: /gone\.db, and there is no such file/,
    fix: 'restart-with',
  },
  {
    name: 'an environment that names a server with a password',
    environment: 'postgresql://user:secret@host/autopack',
    state: 'differs',
    message:
      /names a PostgreSQL database, autopack on host, and the selected one is the SQLite file .*seed\.db/,
    fix: 'restart-with',
  },
  {
    name: 'the same relative URL in the .env of the folder of the selection',
    dotenv: ['sqlite:///seed.db', null],
    state: 'same',
    message: /DATABASE_URL in .*one\/\.env names the selected database/,
  },
  {
    name: 'the same relative URL in the .env of another folder',
    dotenv: [null, 'sqlite:///seed.db'],
    state: 'differs',
    message: /two\/\.env names another file: .*two\/seed\.db, not .*one\/seed\.db/,
    fix: 'write-dotenv',
  },
  {
    name: 'a setting that names a copy',
    setting: 'copy.db',
    state: 'differs',
    message: /DATABASE_URL in the setting terminal\.integrated\.env\.linux names another file/,
    fix: 'open-setting',
  },
];

describe('drift', () => {
  const folder = temporaryFolder();

  async function collect({
    environment,
    dotenv = [null, null],
    setting,
  }: SourceCase): Promise<DatabaseSource[]> {
    const folders = [join(folder(), 'one'), join(folder(), 'two')];
    const [one = '', two = ''] = folders;
    for (const each of folders) await mkdir(each);
    for (const path of [join(one, 'seed.db'), join(two, 'seed.db')]) await writeFile(path, path);
    await copyFile(join(one, 'seed.db'), join(one, 'copy.db'));
    await symlink('seed.db', join(one, 'link.db'));
    for (const [index, url] of dotenv.entries()) {
      if (url !== null) await writeFile(join(folders[index] ?? '', '.env'), `DATABASE_URL="${url}"\n`);
    }
    return collectDatabaseSources({
      folders,
      environment: { DATABASE_URL: environment?.replace('<one>', one) },
      selection: join(one, 'seed.db'),
      others:
        setting === undefined
          ? []
          : [{ origin: { kind: 'setting', name: 'terminal.integrated.env.linux' }, given: setting }],
    });
  }

  for (const each of cases) {
    it(`takes ${each.name} as "${each.state}"`, async () => {
      const [selection, found, ...others] = drift(await collect(each));
      assert.equal(selection?.state, 'same');
      assert.deepEqual(others, []);
      assert.equal(found?.state, each.state);
      assert.match(found.message, each.message);
      assert.doesNotMatch(JSON.stringify(found), /secret/);
      assert.equal(found.fixes[0]?.kind, each.fix);
      assert.equal(isDrifting(found), each.state !== 'same');
    });
  }

  it('compares files and not names: one that differs in letter case alone is the same where it is the same file', () => {
    const named = (path: string, fileId: string): DatabaseSource => ({
      origin: { kind: 'environment' },
      given: null,
      target: { kind: 'file', path, fileId },
    });
    const selection: DatabaseSource = { ...named('C:\\work\\seed.db', '1:2'), origin: { kind: 'selection' } };
    const states = drift([selection, named('c:\\Work\\SEED.DB', '1:2'), named('C:\\work\\seed.db', '1:3')]);
    assert.deepEqual(
      states.map(({ state }) => state),
      ['same', 'same', 'differs'],
    );
  });

  for (const [name, named, selected, message] of [
    [
      'another server',
      'postgresql://a@other/x',
      'postgresql://a@db/x',
      /a database on another server: x on other, not x on db/,
    ],
    [
      'another database',
      'postgresql://a@db/y',
      'postgresql://a@db/x',
      /another database of the same server: y on db, not x on db/,
    ],
    [
      'another user',
      'postgresql://b@db/x',
      'postgresql://a@db/x',
      /the selected database as another user: b, not a/,
    ],
    [
      'a SQLite file',
      'sqlite:////repo/a.db',
      'postgresql://a@db/x',
      /^DATABASE_URL in the environment names /,
    ],
    ['the same', 'postgresql+psycopg2://a:secret@DB:5432/x?sslmode=require', 'postgresql://a@db/x', null],
    [
      'the same by another name of this machine',
      'postgresql://a@127.0.0.1/x',
      'postgresql://a@localhost/x',
      null,
    ],
    [
      'the same by a Unix socket',
      'postgresql://a@/x?host=/run/postgresql',
      'postgresql://a@localhost/x',
      null,
    ],
  ] as const) {
    it(`compares a selected database of a server with ${name}`, async () => {
      const [selection, found] = drift(
        await collectDatabaseSources({
          folders: [folder()],
          environment: { DATABASE_URL: named },
          selection: selected,
        }),
      );
      assert.equal(selection?.state, 'same');
      assert.ok(found !== undefined);
      assert.equal(isDrifting(found), message !== null);
      assert.match(found.message, message ?? /names the selected database/);
      assert.doesNotMatch(JSON.stringify(found), /secret/);
    });
  }

  it('says that nothing names the database where one of a server is selected', () => {
    assert.match(unnamedText('postgresql://a@db:5432/x', []) ?? '', /takes its default, not x on db/);
    assert.equal(unnamedText('/repo/a.db', []), null);
  });

  it('shows where the last drains went, without calling the past a drift', async () => {
    const sessions = join(folder(), '.autonomous_runs', 'batch_drain_sessions');
    await mkdir(sessions, { recursive: true });
    await writeFile(join(sessions, 'hygiene-batch-drain-20260101-000000.json'), 'not JSON');
    const sources = await collectDatabaseSources({ folders: [folder()], environment: {}, selection: null });
    assert.deepEqual(sources, [], 'a damaged session names nothing');
    const session: DatabaseSource = {
      origin: { kind: 'drain-session', sessionId: 'batch-drain-20260101-000000', startedAt: 0 },
      given: '/gone.db',
      target: { kind: 'file', path: '/gone.db', fileId: null },
    };
    const [found] = drift([session]);
    assert.equal(found?.state, 'missing');
    assert.equal(isDrifting(found), false);
  });
});
