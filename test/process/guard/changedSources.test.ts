import assert from 'node:assert/strict';
import { mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { confirmSources } from '../../../src/commandLine/requireConfirmedSources.ts';
import { authorise } from '../../../src/commandLine/guardOptions.ts';
import type { DatabaseSource } from '../../../src/core/identity/databaseSource.ts';
import { ConfirmedSourceFile } from '../../../src/node/identity/confirmedSourceFile.ts';
import { Backups } from '../../../src/node/maintenance/backups.ts';
import { diagnose } from '../../../src/node/maintenance/diagnose.ts';
import { agent, human, runAs } from '../../support/guard/commandsAs.ts';
import { commandContext } from '../../support/guard/commandContext.ts';
import { GuardWorld, suiteReader } from '../../support/guard/guardWorld.ts';
import { refusesAll, type Situation } from '../../support/guard/situation.ts';
import { rejectsWith } from '../../support/rejectsWith.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const seedUrl = 'DATABASE_URL=sqlite:///seed.db\n';
const otherUrl = 'DATABASE_URL=sqlite:///other.db\n';

/** Seeds once, with what names a database then, lets it be changed, and gives the next write. */
function changing(
  before: (world: GuardWorld) => Promise<unknown>,
  change: (world: GuardWorld) => Promise<unknown>,
): Situation['arrange'] {
  return async (world) => {
    const path = await world.make('seed.db');
    await world.make('other.db');
    await before(world);
    await authorise(path, 'seed', {}, commandContext(world));
    await change(world);
    return async () =>
      world.write(
        path,
        await authorise(path, 'seed', {}, commandContext(world, { env: { ...process.env } })),
      );
  };
}

function writes(name: string, text: string): (world: GuardWorld) => Promise<void> {
  return (world) => writeFile(world.path(name), text);
}

const nothing = (): Promise<void> => Promise.resolve();
const code = 'needs-consent';

const changes: readonly Situation[] = [
  {
    name: 'a .env was changed to another database',
    arrange: changing(writes('.env', seedUrl), writes('.env', otherUrl)),
    code,
    message: /DATABASE_URL in .*\.env changed .*was sqlite:\/\/\/seed\.db, and is sqlite:\/\/\/other\.db\./,
  },
  {
    name: 'a .env came after the first write',
    arrange: changing(nothing, writes('.env', otherUrl)),
    code,
    message: /DATABASE_URL in .*\.env is new .*: sqlite:\/\/\/other\.db\./,
  },
  {
    name: 'a .env that was confirmed is gone, so that a program falls back to something else',
    arrange: changing(writes('.env', seedUrl), (world) => rm(world.path('.env'))),
    code,
    message: /DATABASE_URL in .*\.env is gone .*it was sqlite:\/\/\/seed\.db\./,
  },
  {
    name: 'the line was taken out of a .env, which is still there',
    arrange: changing(writes('.env', seedUrl), writes('.env', '# nothing\n')),
    code,
    message: /is gone since/,
  },
  {
    name: 'the file that DATABASE_URL_FILE names says something else',
    arrange: changing(
      async (world) => {
        await writeFile(world.path('url'), 'sqlite:///seed.db\n');
        await writeFile(world.path('.env'), `DATABASE_URL_FILE=${world.path('url')}\n`);
      },
      writes('url', 'sqlite:///other.db\n'),
    ),
    code,
    message: /DATABASE_URL_FILE in .*was sqlite:\/\/\/seed\.db \(from .*url\), and is sqlite:\/\/\/other\.db/,
  },
  {
    name: 'that file is gone',
    arrange: changing(
      async (world) => {
        await writeFile(world.path('url'), 'sqlite:///seed.db\n');
        await writeFile(world.path('.env'), `DATABASE_URL_FILE=${world.path('url')}\n`);
      },
      (world) => rm(world.path('url')),
    ),
    code,
    message: /and is no URL \(from/,
  },
  {
    name: 'another spelling was added, which the settings of Autopack read as well',
    arrange: changing(writes('.env', seedUrl), writes('.env', `${seedUrl}database_url=sqlite:///other.db\n`)),
    code,
    message: /database_url in .*\.env is new/,
  },
  {
    name: 'a .env was put where a script of Autopack looks first',
    arrange: changing(writes('.env', seedUrl), async (world) => {
      await mkdir(world.path('scripts'));
      await writeFile(join(world.path('scripts'), '.env'), otherUrl);
    }),
    code,
    message: /DATABASE_URL in .*scripts.*\.env is new/,
  },
  {
    name: 'another server was named, whose password is not shown',
    arrange: changing(
      writes('.env', 'DATABASE_URL=postgresql://me:first-secret@db/autopack\n'),
      writes('.env', 'DATABASE_URL=postgresql://me:second-secret@other/autopack\n'),
    ),
    code,
    message:
      /^(?!.*(?:first|second)-secret).*was postgresql:\/\/me:\*\*\*@db\/autopack, and is postgresql:\/\/me:\*\*\*@other/s,
  },
  {
    name: 'somebody damaged what was confirmed',
    arrange: changing(writes('.env', seedUrl), (world) =>
      writeFile(join(world.folder, '.autopack-hygiene', 'sources.json'), '{"version":1'),
    ),
    code,
    message: /DATABASE_URL in .*\.env is new/,
  },
  {
    name: 'the .env was replaced by a link to one elsewhere',
    arrange: changing(writes('.env', seedUrl), async (world) => {
      await mkdir(world.path('elsewhere'));
      await writeFile(world.path('elsewhere/.env'), otherUrl);
      await rm(world.path('.env'));
      await symlink(world.path('elsewhere/.env'), world.path('.env'));
    }),
    code,
    message: /changed since it was last confirmed/,
  },
];

refusesAll('what names a database was changed behind a person', changes);

describe('a .env that changed behind a person', function () {
  this.timeout(30_000);
  const folder = temporaryFolder();
  const reader = suiteReader();
  let world: GuardWorld;

  beforeEach(async () => {
    world = new GuardWorld(folder(), reader());
    const path = await world.make('seed.db');
    await new Backups(folder()).make(path, 'asked', Date.now());
    await writeFile(world.path('.env'), seedUrl);
    await authorise(path, 'seed', {}, commandContext(world));
    await writeFile(world.path('.env'), otherUrl);
  });

  for (const [command = '', ...args] of [
    ['restore'],
    ['adopt', '--role', 'seed', '--new-id'],
    ['quickstart', '--force', '--executor', 'example'],
    ['seed', '--run-id', 'another'],
  ]) {
    it(`is said before "${command}" writes, whatever --yes says`, async () => {
      const before = await world.contents();
      const all = [command, '--database', 'seed.db', ...args, '--yes', '--json'];
      const { exitCode, stdout } = await runAs(agent, world, ...all);
      assert.equal(exitCode, 2);
      assert.match(stdout, /was sqlite:\/\/\/seed\.db, and is sqlite:\/\/\/other\.db/);
      assert.deepEqual(await world.contents(), before);
    });
  }

  it('is confirmed by just the command that the refusal names, in the folder that it names', async () => {
    const elsewhere = world.path('elsewhere');
    await mkdir(elsewhere);
    const drain = [
      'drain',
      '--database',
      '../seed.db',
      '--workspace',
      '..',
      '--executor',
      'example',
      '--yes',
    ];
    const { stdout } = await runAs({ cwd: elsewhere }, world, ...drain, '--json');
    const { error } = JSON.parse(stdout) as { error: { nextStep: string } };
    const [, named = '', words = ''] =
      /, in (\S+), with autopack-hygiene (.*?), or /.exec(error.nextStep) ?? [];
    assert.equal(named, folder());
    const confirmed = await runAs({ ...human('y'), cwd: named }, world, ...words.split(' '));
    assert.match(confirmed.stdout, /^Confirmed: 1 change\./, confirmed.stderr);
    const { stdout: again } = await runAs({ cwd: elsewhere }, world, ...drain, '--dry-run', '--json');
    assert.doesNotMatch(again, /needs-consent/);
  });
});

describe('what a person confirmed of the sources of a folder', function () {
  this.timeout(20_000);
  const folder = temporaryFolder();
  const reader = suiteReader();
  let world: GuardWorld;
  let path: string;

  beforeEach(async () => {
    world = new GuardWorld(folder(), reader());
    path = await world.make('seed.db');
    await writeFile(world.path('.env'), seedUrl);
  });

  const write = (confirm: ((question: string) => Promise<boolean>) | null = null): Promise<unknown> =>
    authorise(path, 'seed', {}, commandContext(world, { confirm }));

  it('is what was first seen: no alarm, and for this user alone', async () => {
    await write();
    await write();
    const file = join(folder(), '.autopack-hygiene', 'sources.json');
    if (process.platform !== 'win32') assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.doesNotMatch(await readFile(file, 'utf8'), /secret/);
  });

  it('holds again when a value is changed and changed back', async () => {
    await write();
    await writeFile(world.path('.env'), otherUrl);
    await rejectsWith('needs-consent', write());
    await writeFile(world.path('.env'), seedUrl);
    await write();
  });

  it('holds where a password alone was changed: the same database is named, and nothing is kept of the password', async () => {
    await writeFile(world.path('.env'), 'DATABASE_URL=postgresql://me:first-secret@db/autopack\n');
    await write();
    await writeFile(world.path('.env'), 'DATABASE_URL=postgresql://me:second-secret@db/autopack\n');
    await write();
  });

  it('is asked about at a terminal, and a no writes and confirms nothing', async () => {
    await write();
    await writeFile(world.path('.env'), otherUrl);
    await rejectsWith(
      'cancelled',
      write(() => Promise.resolve(false)),
    );
    await rejectsWith('needs-consent', write());
    await write(() => Promise.resolve(true));
    await write();
  });

  it('is confirmed by doctor at a terminal alone, and is a finding until then', async () => {
    await write();
    await writeFile(world.path('.env'), otherUrl);
    const findings = async (): Promise<readonly string[]> => {
      const subject = {
        path,
        folders: [folder()],
        environment: {},
        apiUrls: [],
        asksGit: false,
        staleBefore: 0,
      };
      return (await diagnose(subject, world.diagnosing)).findings.map(({ code: each }) => each);
    };
    assert.ok((await findings()).includes('source-changed'));
    await rejectsWith('needs-consent', confirmSources(path, commandContext(world)));
    assert.ok((await findings()).includes('source-changed'));
    const confirm = (): Promise<boolean> => Promise.resolve(true);
    assert.equal(await confirmSources(path, commandContext(world, { confirm })), 1);
    assert.ok(!(await findings()).includes('source-changed'));
  });

  it('is of settings as well, of which a command line knows nothing', async () => {
    const file = new ConfirmedSourceFile(folder());
    const sources = (valueHash: string, given: string): readonly DatabaseSource[] => [
      {
        origin: { kind: 'setting', name: 'terminal.integrated.env.linux' },
        given,
        valueHash,
        target: { kind: 'invalid', message: '' },
      },
    ];
    const look = { environment: {}, seesSettings: true } as const;
    await file.beginWith(await file.compare({ ...look, sources: sources('a', 'sqlite:///seed.db') }), 1);
    const changed = await file.compare({ ...look, sources: sources('b', 'sqlite:///other.db') });
    assert.deepEqual(
      changed.changes.map(({ was, is }) => [was, is]),
      [['sqlite:///seed.db', 'sqlite:///other.db']],
    );
    const gone = await file.compare({ ...look, sources: [] });
    assert.deepEqual(
      gone.changes.map(({ is }) => is),
      [null],
    );
    const unseen = await file.compare({ ...look, seesSettings: false, sources: [] });
    assert.deepEqual(unseen.changes, []);
  });
});
