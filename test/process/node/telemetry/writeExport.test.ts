import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, link, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { magic } from '../../../../src/core/db/databaseHeader.ts';
import { UserFacingError } from '../../../../src/core/errors.ts';
import { companionSuffixes } from '../../../../src/node/system/databaseCompanions.ts';
import { writeExport } from '../../../../src/node/telemetry/writeExport.ts';
import { asOrdinaryUser } from '../../../support/asOrdinaryUser.ts';
import { rejectsWith } from '../../../support/rejectsWith.ts';
import { smallDisk } from '../../../support/smallDisk.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

async function* chunks(...parts: readonly (string | Error)[]): AsyncGenerator<string> {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield await Promise.resolve(part);
  }
}

const hasCode = (code: string) => (error: unknown) => error instanceof UserFacingError && error.code === code;

describe('export file', () => {
  const folder = temporaryFolder();
  const path = () => join(folder(), 'out.csv');

  it('holds what was given, and nothing else is left in the folder', async () => {
    await writeExport({ path: path(), overwrite: false }, chunks('a,', 'b\n'));
    assert.equal(await readFile(path(), 'utf8'), 'a,b\n');
    assert.deepEqual(await readdir(folder()), ['out.csv']);
  });

  it('replaces nothing unless told to', async () => {
    await writeFile(path(), 'mine');
    await assert.rejects(writeExport({ path: path(), overwrite: false }, chunks('x')), hasCode('exists'));
    assert.equal(await readFile(path(), 'utf8'), 'mine');
    await writeExport({ path: path(), overwrite: true }, chunks('x'));
    assert.equal(await readFile(path(), 'utf8'), 'x');
  });

  it('replaces no database, nor what belongs to one, whatever it is told', async () => {
    const database = join(folder(), 'other.db');
    const made = new DatabaseSync(database);
    made.exec('CREATE TABLE t (x)');
    made.close();
    const before = await readFile(database);
    await link(database, path());
    const taken = [database, path(), ...companionSuffixes.map((suffix) => database + suffix)];
    for (const each of taken) {
      const write = (overwrite: boolean): Promise<void> =>
        writeExport({ path: each, overwrite }, chunks('x'));
      await rejectsWith('invalid-argument', write(true));
      if (!existsSync(each)) await rejectsWith('invalid-argument', write(false));
    }
    assert.deepEqual(await readFile(database), before);
    assert.deepEqual((await readdir(folder())).sort(), ['other.db', 'out.csv']);
  });

  it('is refused before anything is read for it, where it would replace a database', async () => {
    await writeFile(path(), 'SQLite format 3\0');
    let isAsked = false;
    async function* asked(): AsyncGenerator<string> {
      isAsked = true;
      yield await Promise.resolve('x');
    }
    await rejectsWith('invalid-argument', writeExport({ path: path(), overwrite: true }, asked()));
    assert.equal(isAsked, false);
  });

  it('puts nothing among what this program keeps of a folder', async () => {
    const own = join(folder(), '.autopack-hygiene');
    await mkdir(own);
    await writeFile(join(own, 'pins.json'), 'pins');
    await symlink(own, join(folder(), 'linked'));
    for (const name of ['.autopack-hygiene/pins.json', '.autopack-hygiene/new.csv', 'linked/journal.jsonl']) {
      const target = join(folder(), name);
      await rejectsWith('invalid-argument', writeExport({ path: target, overwrite: true }, chunks('x')));
    }
    assert.deepEqual(await readdir(own), ['pins.json']);
    assert.equal(await readFile(join(own, 'pins.json'), 'utf8'), 'pins');
  });

  describe('never replaces a database', () => {
    const database = () => join(folder(), 'db', 'a.db');
    beforeEach(async () => {
      await mkdir(join(folder(), 'db'));
      await writeFile(database(), `${magic}pages`);
      await writeFile(`${database()}-wal`, 'changes');
      await symlink(join(folder(), 'db'), join(folder(), 'linked'));
      await link(database(), join(folder(), 'second.db'));
    });
    const names = ['db/a.db', 'linked/a.db', 'db/../linked/a.db', 'second.db'];
    const companions = ['db/a.db-wal', 'linked/a.db-wal', 'linked/a.db-journal', 'db/a.db-shm'];
    for (const name of [...names, ...companions]) {
      it(`under the name ${name}`, async () => {
        const target = { path: join(folder(), name), overwrite: true };
        const files = await readdir(join(folder(), 'db'));
        await rejectsWith('invalid-argument', writeExport(target, chunks('x')));
        assert.equal(await readFile(database(), 'utf8'), `${magic}pages`);
        assert.equal(await readFile(`${database()}-wal`, 'utf8'), 'changes');
        assert.deepEqual(await readdir(join(folder(), 'db')), files);
      });
    }

    it('that is only put there meanwhile', async () => {
      const late = async function* (): AsyncGenerator<string> {
        await writeFile(path(), magic);
        yield 'x';
      };
      const target = { path: path(), overwrite: true };
      await rejectsWith('invalid-argument', writeExport(target, late()));
      assert.equal(await readFile(path(), 'utf8'), magic);
    });
  });

  it('leaves what was there, and no part of its own, when it fails or is stopped', async () => {
    await writeFile(path(), 'mine');
    const failing = chunks('half', new Error('the database went away'));
    await assert.rejects(writeExport({ path: path(), overwrite: true }, failing), /went away/);
    const stopped = writeExport({ path: path(), overwrite: true }, chunks('x'), AbortSignal.abort());
    await assert.rejects(stopped, hasCode('cancelled'));
    assert.equal(await readFile(path(), 'utf8'), 'mine');
    assert.deepEqual(await readdir(folder()), ['out.csv']);
  });

  it('says that the folder is missing', async () => {
    const gone = join(folder(), 'gone', 'out.csv');
    await assert.rejects(writeExport({ path: gone, overwrite: false }, chunks('x')), hasCode('not-found'));
  });

  it('says that the folder cannot be written, and what to do', async () => {
    await chmod(folder(), 0o555);
    const refused = asOrdinaryUser(() => writeExport({ path: path(), overwrite: true }, chunks('x')));
    await assert.rejects(refused, (error) => {
      assert.ok(error instanceof UserFacingError && error.code === 'no-permission');
      assert.match(`${error.message} ${error.nextStep}`, /cannot be written.* Choose another folder/);
      return true;
    });
  });

  it('says that the disk is full, and leaves no part of the export on it', async function () {
    const disk = smallDisk(this, join(folder(), 'small'), 64);
    try {
      const target = join(folder(), 'small', 'out.csv');
      const much = chunks('x'.repeat(60_000), 'x'.repeat(60_000));
      await assert.rejects(writeExport({ path: target, overwrite: true }, much), hasCode('disk-full'));
      assert.deepEqual(await readdir(join(folder(), 'small')), []);
    } finally {
      disk.unmount();
    }
  });
});
