import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, it } from 'mocha';
import { currentTranslations, provideTranslations, t } from '../../../../src/core/text/l10n.ts';
import {
  inEnglish,
  inLanguageOfPeople,
  threadTranslationArguments,
  translationArguments,
  useTranslations,
} from '../../../../src/node/system/translations.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const german = { Runs: 'Läufe' };
const runs = (): string => t`Runs`;

describe('the language of a process', () => {
  const folder = temporaryFolder();

  afterEach(() => {
    useTranslations({}, null);
    provideTranslations(() => null);
  });

  it('is that of people, but for what is done for programs', async () => {
    useTranslations(german, null);
    assert.equal(runs(), 'Läufe');
    const answered = inEnglish(async () => {
      await wait(1);
      return [runs(), inLanguageOfPeople(runs)];
    });
    assert.equal(runs(), 'Läufe');
    assert.deepEqual(await answered, ['Runs', 'Läufe']);
  });

  it('is handed on by an argument where it has a file, to processes as the work at hand has it', () => {
    useTranslations(german, null);
    assert.deepEqual([translationArguments(), threadTranslationArguments()], [[], []]);
    useTranslations(german, '/x/de.json');
    const argument = '--translations=/x/de.json';
    assert.deepEqual([translationArguments(), threadTranslationArguments()], [[argument], [argument]]);
    assert.deepEqual(inEnglish(translationArguments), []);
    assert.deepEqual(inEnglish(threadTranslationArguments), [argument]);
  });

  it('is taken over by a thread, which stays English where the file is gone', async () => {
    const path = join(folder(), 'de.json');
    await writeFile(path, JSON.stringify(german));
    assert.equal(await titleInThread([`--translations=${path}`]), 'Läufe');
    assert.equal(await titleInThread([`--translations=${path}.gone`]), 'Runs');
    assert.equal(await titleInThread([]), 'Runs');
    assert.equal(currentTranslations(), null);
  });
});

async function titleInThread(argv: string[]): Promise<unknown> {
  const text = JSON.stringify(new URL('../../../../src/core/text/l10n.ts', import.meta.url));
  const node = JSON.stringify(new URL('../../../../src/node/system/translations.ts', import.meta.url));
  const code = `
    import { parentPort } from 'node:worker_threads';
    import { t } from ${text};
    import { inheritTranslations } from ${node};
    inheritTranslations();
    parentPort.postMessage(t\`Runs\`);`;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), { argv });
  const [title] = (await once(worker, 'message')) as unknown[];
  await worker.terminate();
  return title;
}
