import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import { provideTranslations, untranslated } from '../../../src/core/text/l10n.ts';
import type { ReaderCommand } from '../../../src/protocol/readerProtocol.ts';
import { WorkerClient, type ThreadStart } from '../../../src/reader/workerClient.ts';
import { silentLogger } from '../../support/databaseReader.ts';

type Request = Extract<ReaderCommand, { kind: 'request' }>;

describe('the client of a reading thread', () => {
  afterEach(() => provideTranslations(() => null));

  it('puts a question again in the language in which it was asked', async () => {
    provideTranslations(() => ({}));
    const starts: ThreadStart[] = [];
    const posted: ReaderCommand[] = [];
    const client = new WorkerClient({
      logger: silentLogger,
      startThread: (start) => {
        starts.push(start);
        return { post: (command) => void posted.push(command), end: () => Promise.resolve() };
      },
    });
    const asked = untranslated(() => client.ask('/runs.db', 'listRuns', null)).catch(() => undefined);
    starts[0]?.onDeath(new Error('killed'), true);
    assert.deepEqual(
      (posted as Request[]).map(({ kind, isInEnglish }) => [kind, isInEnglish]),
      [
        ['request', true],
        ['request', true],
      ],
    );
    await client.dispose();
    await asked;
  });
});
