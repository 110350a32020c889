import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { databaseUrlSources } from '../../../../src/node/environment/databaseUrlSources.ts';
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

  it('says that another kind of database is meant, without the password', async () => {
    const [source] = await sources({ DATABASE_URL: 'postgresql://autopack:secret@host/autopack' });
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
});
