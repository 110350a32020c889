import assert from 'node:assert/strict';
import { PostgresServer } from '../../support/postgres/postgresServer.ts';
import { caughtUp, cloneOf, standbyOf } from '../../support/postgres/serverCopies.ts';
import { serverWorld } from '../../support/postgres/serverWorld.ts';
import { postgresServer } from '../../support/postgres/usePostgres.ts';
import { rejectsWith } from '../../support/rejectsWith.ts';

describe('the wrong server', function () {
  this.timeout(60_000);
  const server = postgresServer();
  const world = serverWorld(server);

  it('is a clone of its data on another port', async () => {
    await world().make('seed');
    const clone = await cloneOf(server());
    try {
      const error = await rejectsWith('which-file', world().seed(world().path('seed', 'owner', clone)));
      assert.match(error.message, /server was .*:\d+, is .*:\d+/);
    } finally {
      await clone.stop();
    }
  });

  it('is a standby, which takes no writes, and differs once it was promoted', async () => {
    await world().make('seed');
    const standby = await standbyOf(server());
    try {
      await caughtUp(standby, server());
      const path = world().path('seed', 'owner', standby);
      const { value: facts } = await world().reader.request(path, 'identity', null);
      assert.equal(facts.server?.isReplica, true);
      assert.equal(facts.counts.phases, 10);
      const expected = await world().authorise(world().path('seed'));
      await rejectsWith('read-only', world().write(path, expected));
      await standby.control('promote');
      const { fingerprint, verdict } = await world().guard.inspect(path);
      assert.equal(verdict.kind, 'copy-or-restored');
      assert.equal(fingerprint.server?.timeline, 2);
      const error = await rejectsWith('which-file', world().seed(path));
      assert.match(error.message, /server was timeline 1, is timeline 2/);
    } finally {
      await standby.stop();
    }
  });

  it('has a database of the same name, which this folder does not know', async () => {
    await world().make('seed');
    const other = await PostgresServer.start();
    try {
      await other.createDatabase('seed');
      const path = world().path('seed', 'owner', other);
      await rejectsWith('not-autopack', world().seed(path));
      const { verdict } = await world().guard.inspect(path);
      assert.equal(verdict.kind, 'unknown');
    } finally {
      await other.stop();
    }
  });
});
