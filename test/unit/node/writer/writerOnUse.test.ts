import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, it } from 'mocha';
import type { DatabaseWriterPort } from '../../../../src/core/db/databasePorts.ts';
import { writerOnUse } from '../../../../src/node/writer/writerOnUse.ts';

describe('a writer that is loaded with its first use', () => {
  it('can be used once it can be loaded, and fails with what kept it from that', async () => {
    let loads = 0;
    const writer = writerOnUse(() => {
      loads += 1;
      return loads <= 2
        ? Promise.reject(new Error('EMFILE'))
        : Promise.resolve({ create: () => Promise.resolve('made') } as unknown as DatabaseWriterPort);
    });
    // Nobody waits for this: were its failure not taken, it would end the process.
    writer.prepare?.();
    await turn();
    const create = (): Promise<unknown> => writer.create('/x.db', {} as never, null as never);
    await assert.rejects(create(), /EMFILE/);
    assert.equal(await create(), 'made');
  });
});
