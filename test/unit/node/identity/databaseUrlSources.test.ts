import assert from 'node:assert/strict';
import { mkdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  databaseUrlSources,
  resolveDatabaseLocation,
} from '../../../../src/node/identity/databaseUrlSources.ts';
import { sha256Hex } from '../../../../src/node/system/systemPorts.ts';
import { passwordOf } from '../../../../src/node/postgres/passwords.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

describe('databaseUrlSources', () => {
  const folder = temporaryFolder();

  const sources = (environment: Record<string, string> = {}, folders = [folder()]) =>
    databaseUrlSources({ folders, environment });

  it('finds nothing where nothing is said', async () => {
    await writeFile(join(folder(), '.env'), 'DATABASE_URL=\nOTHER=sqlite:///x.db\n');
    assert.deepEqual(await sources({ DATABASE_URL: ' ' }), []);
    assert.deepEqual(await databaseUrlSources({ folders: [], environment: { DATABASE_URL: 'x.db' } }), []);
  });

  it('resolves a relative URL against the folder of its .env, and says whether the file is there', async () => {
    await mkdir(join(folder(), 'data'));
    await writeFile(join(folder(), 'data/seed.db'), '');
    await writeFile(
      join(folder(), '.env'),
      '# ours\nexport DATABASE_URL="sqlite:///data/seed.db" # quoted\n',
    );
    assert.deepEqual(await sources(), [
      {
        origin: { kind: 'dotenv', file: join(folder(), '.env') },
        baseFolder: folder(),
        given: 'sqlite:///data/seed.db',
        valueHash: sha256Hex('sqlite:///data/seed.db'),
        target: { kind: 'file', path: join(folder(), 'data/seed.db'), exists: true },
      },
    ]);
  });

  it('looks into other files of that kind, from the folder they belong to', async () => {
    const file = join(folder(), 'config.env');
    await writeFile(file, 'DATABASE_URL=sqlite:///seed.db');
    const places = { folders: [folder()], environment: {}, dotenvFiles: [{ file, baseFolder: folder() }] };
    assert.deepEqual(await databaseUrlSources(places), [
      {
        origin: { kind: 'dotenv', file },
        baseFolder: folder(),
        given: 'sqlite:///seed.db',
        valueHash: sha256Hex('sqlite:///seed.db'),
        target: { kind: 'file', path: join(folder(), 'seed.db'), exists: false },
      },
    ]);
  });

  it('lists every folder’s .env, after the environment', async () => {
    const folders = ['one', 'two'].map((name) => join(folder(), name));
    for (const each of folders) {
      await mkdir(each);
      await writeFile(join(each, '.env'), 'DATABASE_URL=sqlite:///seed.db');
    }
    const found = await sources({ DATABASE_URL: 'sqlite:////srv/other.db' }, folders);
    assert.deepEqual(
      found.map(({ origin, target }) => [origin.kind, target.kind === 'file' ? target.path : '']),
      [
        ['environment', '/srv/other.db'],
        ['dotenv', join(folder(), 'one/seed.db')],
        ['dotenv', join(folder(), 'two/seed.db')],
      ],
    );
    assert.ok(found.every(({ target }) => target.kind === 'file' && !target.exists));
  });

  it('does not take a folder for a database', async () => {
    await mkdir(join(folder(), 'seed.db'));
    const [source] = await sources({ DATABASE_URL: 'seed.db' });
    assert.deepEqual(source?.target, { kind: 'file', path: join(folder(), 'seed.db'), exists: false });
  });

  it('takes the URL of a PostgreSQL database, whose password it keeps for who connects', async () => {
    const [source, other] = await sources({
      DATABASE_URL: 'postgresql+psycopg2://autopack:secret@Host/autopack?sslmode=require',
      database_url: 'postgresql+psycopg2://autopack:changed@Host/autopack?sslmode=require',
    });
    const path = 'postgresql://autopack@host:5432/autopack?sslmode=require';
    assert.deepEqual(source?.target, { kind: 'file', path, exists: true });
    assert.ok(!JSON.stringify(source).includes('secret'));
    assert.equal(source.valueHash, other?.valueHash);
    assert.equal(passwordOf(path), 'secret');
  });

  it('says that another kind of database is meant, without the password', async () => {
    const [source] = await sources({ DATABASE_URL: 'mysql://autopack:secret@host/autopack' });
    assert.ok(source?.target.kind === 'invalid');
    assert.equal(source.target.error.code, 'invalid-url');
    assert.ok(!JSON.stringify(source).includes('secret'));
  });

  it('reads percent escapes as the file that is there', async () => {
    await writeFile(join(folder(), 'my seed.db'), '');
    const url = 'sqlite:///my%20seed.db';
    const path = async () => (await sources({ DATABASE_URL: url }))[0]?.target;
    assert.deepEqual(await path(), { kind: 'file', path: join(folder(), 'my seed.db'), exists: true });
    await writeFile(join(folder(), 'my%20seed.db'), '');
    assert.equal((await path())?.kind, 'invalid');
  });

  describe('the file that DATABASE_URL_FILE names', () => {
    const file = (): string => join(folder(), 'url.txt');

    const contents: readonly (readonly [what: string, content: string, target: string | RegExp])[] = [
      ['a URL', 'sqlite:////srv/other.db', '/srv/other.db'],
      ['a URL between blank lines', '\n sqlite:////srv/other.db \r\n', '/srv/other.db'],
      ['nothing', '', /is empty/],
      ['blanks', ' \n', /is empty/],
      ['no URL', 'hunter2', /holds no URL/],
      ['a URL of another engine', 'mysql://u:hunter2@db/autopack', /only SQLite/],
      ['much more than a URL', `sqlite:///${'hunter2'.repeat(9000)}`, /larger than/],
    ];
    for (const [what, content, target] of contents) {
      it(`is read where it holds ${what}, and never told`, async () => {
        await writeFile(file(), content);
        const [source] = await sources({
          DATABASE_URL_FILE: file(),
          DATABASE_URL: 'sqlite:////srv/right.db',
        });
        assert.deepEqual(source?.origin, {
          kind: 'environment',
          variable: 'DATABASE_URL_FILE',
          urlFile: file(),
        });
        if (typeof target === 'string')
          assert.ok(source.target.kind === 'file' && source.target.path === target);
        else assert.ok(source.target.kind === 'invalid' && target.test(source.target.error.message));
        assert.ok(!JSON.stringify(source).includes('hunter2'));
      });
    }

    it('is named by a .env as well, relative to the folder of work', async () => {
      await writeFile(
        join(folder(), '.env'),
        'NAME=url\nDATABASE_URL_FILE=${NAME}.txt\nDATABASE_URL=sqlite:///a.db\n',
      );
      await writeFile(file(), 'sqlite:///b.db');
      const found = await sources();
      assert.deepEqual(
        found.map(({ origin, given }) => [origin.variable, origin.urlFile, given]),
        [
          ['DATABASE_URL_FILE', file(), 'sqlite:///b.db'],
          [undefined, undefined, 'sqlite:///a.db'],
        ],
      );
    });

    it('is not read for an untrusted .env, for which it could be any file', async () => {
      await writeFile(join(folder(), '.env'), 'DATABASE_URL_FILE=url.txt\n');
      await writeFile(file(), 'sqlite:///b.db');
      const places = {
        folders: [folder()],
        environment: { DATABASE_URL_FILE: file() },
        readsNamedFiles: false,
      };
      const [own, planted] = await databaseUrlSources(places);
      assert.equal(own?.target.kind, 'file');
      assert.ok(planted?.target.kind === 'invalid' && planted.target.error.message.includes('not read'));
    });

    it('may be missing or a device, which is said', async () => {
      const messages = await Promise.all(
        [join(folder(), 'none'), '/dev/zero', folder()].map(async (path) => {
          const [source] = await sources({ DATABASE_URL_FILE: path });
          return source?.target.kind === 'invalid' ? source.target.error.message : '';
        }),
      );
      assert.match(messages[0] ?? '', /no such file/);
      assert.match(messages[1] ?? '', /a device/);
      assert.match(messages[2] ?? '', /a folder/);
    });
  });

  it('knows the .env files that modules and scripts of Autopack load', async () => {
    const root = join(folder(), 'parent', 'repository');
    await mkdir(join(root, 'src', 'autopack'), { recursive: true });
    await mkdir(join(root, 'scripts'));
    const write = (path: string, name: string) =>
      writeFile(join(folder(), path, '.env'), `DATABASE_URL=sqlite:////srv/${name}.db\n`);
    const names = async () =>
      (await sources({}, [root])).map(({ target }) => (target.kind === 'file' ? target.path : ''));
    await write('parent', 'above');
    assert.deepEqual(await names(), ['/srv/above.db']);
    await write('parent/repository', 'root');
    assert.deepEqual(await names(), ['/srv/root.db']);
    await write('parent/repository/src', 'src');
    await write('parent/repository/scripts', 'scripts');
    assert.deepEqual(await names(), ['/srv/root.db', '/srv/src.db', '/srv/scripts.db']);
    await write('parent/repository/src/autopack', 'module');
    assert.deepEqual(await names(), ['/srv/root.db', '/srv/module.db', '/srv/scripts.db']);
  });

  it('reads names in other cases, which Autopack takes for its setting', async () => {
    await writeFile(join(folder(), '.env'), 'Database_Url=sqlite:////srv/b.db\n');
    const found = await sources({ database_url: 'sqlite:////srv/a.db', DATABASE_URL: 'sqlite:////srv/c.db' });
    assert.deepEqual(
      found.map(({ origin, given }) => [origin.kind, origin.variable, given]),
      [
        ['environment', undefined, 'sqlite:////srv/c.db'],
        ['environment', 'database_url', 'sqlite:////srv/a.db'],
        ['dotenv', 'Database_Url', 'sqlite:////srv/b.db'],
      ],
    );
  });

  it('does not wait for a .env that is a device', async () => {
    await symlink('/dev/zero', join(folder(), '.env'));
    assert.deepEqual(await sources(), []);
  });
});

describe('a relative URL below the root of Autopack', () => {
  const folder = temporaryFolder();

  const place = async (module: string): Promise<string> => {
    await mkdir(join(folder(), 'src', 'autopack'), { recursive: true });
    await mkdir(join(folder(), 'scripts', 'deep'), { recursive: true });
    await writeFile(join(folder(), 'src', 'autopack', 'config.py'), module);
    return join(folder(), 'scripts', 'deep');
  };

  it('means the root where Autopack resolves it there, and a path the folder itself', async () => {
    const below = await place('repo_root = Path(__file__).resolve().parents[2]\n');
    assert.equal(resolveDatabaseLocation('sqlite:///a.db', below), join(folder(), 'a.db'));
    assert.equal(resolveDatabaseLocation('sqlite+pysqlite:///./a.db?x=1', below), join(folder(), 'a.db'));
    assert.equal(resolveDatabaseLocation('sqlite:///a.db', folder()), join(folder(), 'a.db'));
    assert.equal(resolveDatabaseLocation('a.db', below), join(below, 'a.db'));
    assert.equal(resolveDatabaseLocation('sqlite:////srv/a.db', below), '/srv/a.db');
  });

  it('means the folder itself for older versions, and outside of Autopack', async () => {
    const below = await place('url = os.getenv("DATABASE_URL")\n');
    assert.equal(resolveDatabaseLocation('sqlite:///a.db', below), join(below, 'a.db'));
    await rm(join(folder(), 'src'), { recursive: true });
    assert.equal(resolveDatabaseLocation('sqlite:///a.db', below), join(below, 'a.db'));
  });

  it('goes through links as the system does', async () => {
    await mkdir(join(folder(), 'real', 'deep'), { recursive: true });
    await symlink(join(folder(), 'real', 'deep'), join(folder(), 'link'));
    await writeFile(join(folder(), 'real', 'x.db'), '');
    const path = resolveDatabaseLocation('link/../x.db', folder());
    assert.equal(path, join(await realpath(folder()), 'real', 'x.db'));
  });
});
