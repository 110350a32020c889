import assert from 'node:assert/strict';
import { agent, human, runAs } from '../../support/guard/commandsAs.ts';
import { GuardWorld, suiteReader } from '../../support/guard/guardWorld.ts';
import { ServerWorld } from '../../support/postgres/serverWorld.ts';
import { postgresServer } from '../../support/postgres/usePostgres.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

describe('a change of a protected server that an agent undoes', function () {
  this.timeout(60_000);
  const server = postgresServer();
  const folder = temporaryFolder();
  const reader = suiteReader();

  it('is refused, then done once a human has approved what the refusal names', async () => {
    const name = 'approved_undo';
    const servers = new ServerWorld(folder(), server(), reader());
    const path = await servers.make(name);
    await servers.meddle(name, "UPDATE phases SET state = 'FAILED'");
    // Commands of that world write to the server, too.
    const world: GuardWorld = Object.assign(new GuardWorld(folder(), reader()), { writer: servers.writer });
    const database = ['--database', path];
    try {
      const requeued = await runAs({}, world, 'requeue', ...database, '--all', '--yes');
      assert.equal(requeued.exitCode, 0, requeued.stderr);
      const [, serial = ''] = /--undo (\d+)/.exec(requeued.stdout) ?? [];
      const raised = await runAs({}, world, 'protect', ...database, '--level', 'confirm', '--yes');
      assert.equal(raised.exitCode, 0, raised.stderr);
      const undo = ['journal', ...database, '--undo', serial, '--yes'];
      const before = await servers.contents();
      const refused = await runAs(agent, world, ...undo);
      assert.equal(refused.exitCode, 2);
      assert.deepEqual(await servers.contents(), before);
      const [, id = ''] = /approve --workspace \S+ ([0-9a-f]{6}),/.exec(refused.stderr) ?? [];
      const approved = await runAs(human(name), world, 'approve', id);
      assert.equal(approved.exitCode, 0, approved.stderr);
      const done = await runAs(agent, world, ...undo);
      assert.equal(done.exitCode, 0, done.stderr);
      assert.match(done.stdout, new RegExp(`^Undid change ${serial} `));
    } finally {
      await servers.remove();
    }
  });
});
