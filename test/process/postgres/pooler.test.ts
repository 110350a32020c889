import assert from 'node:assert/strict';
import { serverWorld } from '../../support/postgres/serverWorld.ts';
import { startTransactionPooler } from '../../support/postgres/transactionPooler.ts';
import { postgresServer } from '../../support/postgres/usePostgres.ts';

describe('a pooler between us and the server', function () {
  this.timeout(30_000);
  const server = postgresServer();
  const world = serverWorld(server);

  it('is seen and said, and reading and writing go on through it', async () => {
    const path = await world().make('seed');
    const pooler = await startTransactionPooler(server(), 'seed');
    try {
      const url = server().url('seed', 'superuser').replace(`:${server().port}/`, `:${pooler.port}/`);
      const pooled = world().pathOf(url);
      const { value: facts } = await world().reader.request(pooled, 'identity', null);
      assert.equal(facts.server?.isPooled, true);
      assert.equal(facts.counts.phases, 10);
      const { fingerprint, verdict } = await world().guard.inspect(pooled);
      assert.equal(verdict.kind, 'moved', JSON.stringify(verdict.differences));
      assert.equal(fingerprint.fileId, (await world().guard.inspect(path)).fingerprint.fileId);
      await world().seed(pooled);
      assert.equal((await world().reader.request(pooled, 'listRuns', null)).value.length, 2);
      assert.equal((await world().reader.request(path, 'identity', null)).value.server?.isPooled, false);
    } finally {
      await pooler.stop();
    }
  });
});
