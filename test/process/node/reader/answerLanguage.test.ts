import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { provideTranslations } from '../../../../src/core/text/l10n.ts';
import { createDatabaseReader } from '../../../../src/node/reader/databaseReader.ts';
import { inEnglish, useTranslations } from '../../../../src/node/system/translations.ts';
import type { DatabaseReader } from '../../../../src/protocol/readerProtocol.ts';
import { silentLogger, workerUrl } from '../../../support/databaseReader.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const german = {
  'There is no file {0}.': 'Es gibt keine Datei {0}.',
  '{0}, for {1}: {2}.': '{0}, bei {1}: {2}.',
};

describe('the language of what the reader answers', () => {
  const folder = temporaryFolder();
  let reader: DatabaseReader;

  beforeEach(async () => {
    const path = join(folder(), 'de.json');
    await writeFile(path, JSON.stringify(german));
    useTranslations(german, path);
    reader = createDatabaseReader({ workerUrl, logger: silentLogger });
  });

  afterEach(async () => {
    await reader.dispose();
    useTranslations({}, null);
    provideTranslations(() => null);
  });

  async function problemOf(path: string): Promise<string> {
    const problem = await reader.request(path, 'listRuns', null).then(
      () => null,
      (error: unknown) => error,
    );
    assert.ok(problem instanceof Error);
    return problem.message;
  }

  for (const [place, path, own, english] of [
    ['a file', '/nowhere/runs.db', /^Es gibt keine Datei/, /^There is no file/],
    ['a server', 'postgresql://nobody@127.0.0.1:1/runs', /, bei runs /, /, for runs /],
  ] as const) {
    it(`is that of people, and English for programs, of ${place}`, async () => {
      assert.match(await problemOf(path), own);
      assert.match(await inEnglish(() => problemOf(path)), english);
      assert.match(await problemOf(path), own);
    });
  }
});
