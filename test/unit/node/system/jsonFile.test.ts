import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import * as z from 'zod';
import { UserFacingError } from '../../../../src/core/errors.ts';
import { JsonFile } from '../../../../src/node/system/jsonFile.ts';
import { OwnFolder } from '../../../../src/node/system/ownFolder.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const schema = z.object({ name: z.string() });

describe('a JSON file of ours', () => {
  const folder = temporaryFolder();
  const fileOf = (longest = 1000) =>
    new JsonFile(new OwnFolder(folder(), 'own'), 'a.json', {
      schema,
      longest,
      invalid: (path, cause) => new UserFacingError('unreadable', `${path} is odd.`, 'Move it.', { cause }),
    });

  it('is read back as it was written, whole and alone in a folder that is made for it', async () => {
    const file = fileOf();
    assert.equal(await file.read(), null);
    await file.write({ name: 'é' });
    assert.deepEqual(await fileOf().read(), { name: 'é' });
    assert.equal(await readFile(file.path, 'utf8'), '{\n  "name": "é"\n}\n');
    assert.deepEqual(await readdir(new OwnFolder(folder(), 'own').path), ['a.json']);
    await file.remove();
    assert.equal(await file.read(), null);
  });

  it('is read with a byte order mark, and refused with the error of its format where it holds something else', async () => {
    const file = fileOf();
    await file.write({ name: 'x' });
    await writeFile(file.path, '\ufeff{"name":"y"}');
    assert.deepEqual(await file.read(), { name: 'y' });
    for (const text of ['{"name":1}', '{', '']) {
      await writeFile(file.path, text);
      await assert.rejects(file.read(), { code: 'unreadable', message: `${file.path} is odd.` });
      assert.equal(await file.readIfValid(), null);
    }
    await assert.rejects(fileOf(0).read(), UserFacingError);
  });

  it('is written anew only where there is news, and knows when another program has changed it', async () => {
    const file = fileOf();
    assert.equal(await file.isChanged(), false);
    await file.update({ name: 'x' });
    await rm(file.path);
    await file.update({ name: 'x' });
    assert.equal(await fileOf().read(), null, 'not written again');
    assert.equal(await file.isChanged(), true);
    await file.update({ name: 'y' });
    assert.equal(await file.isChanged(), false);
    await writeFile(file.path, '{"name":"z"}');
    assert.equal(await file.isChanged(), true);
    await file.read();
    assert.equal(await file.isChanged(), false);
  });
});
