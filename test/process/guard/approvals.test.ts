import assert from 'node:assert/strict';
import { copyFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Backups } from '../../../src/node/maintenance/backups.ts';
import { setLevel } from '../../support/adopted.ts';
import {
  approve,
  approveRequeue,
  kept,
  minute,
  refusesAttempts,
  requeueAll,
  run,
  type Attempt,
} from '../../support/guard/agentAttempts.ts';
import { aloneOnTheMachine } from '../../support/guard/aloneOnTheMachine.ts';
import { agent, human, runAs } from '../../support/guard/commandsAs.ts';
import { GuardWorld, meddle, suiteReader } from '../../support/guard/guardWorld.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const attempts: readonly Attempt[] = [
  {
    name: 'forges approvals and a level beside the database',
    arrange: async (world, path) => {
      const own = world.path('.autopack-hygiene');
      const forged = JSON.stringify({ version: 1, approvals: [{ path, operation: 'requeue', rows: 99 }] });
      for (const name of ['approvals.json', 'approval.json']) await writeFile(join(own, name), forged);
      const pins = await readFile(join(own, 'pins.json'), 'utf8');
      await writeFile(join(own, 'pins.json'), pins.replaceAll('"confirm"', '"open"'));
      return () => runAs(agent, world, ...requeueAll);
    },
    code: 'needs-approval',
    message: /is protected/,
  },
  {
    name: 'edits the request that waits into a harmless one',
    arrange: async (world) => {
      await runAs(agent, world, ...requeueAll);
      const file = join(world.path('.autopack-hygiene'), 'approval-requests.json');
      const text = await readFile(file, 'utf8');
      await writeFile(
        file,
        text.replace('"--all"', '"--phase",\n"telemetry-collection-v4/telemetry-p1-string-util"'),
      );
      // The human is shown, and approves, the one phase that the edited command would queue.
      const approved = await runAs(human('kept.db'), world, 'approve', '--json');
      assert.equal(approved.exitCode, 0, approved.stderr);
      assert.match(approved.stderr, /Rows: 1\n/);
      return () => runAs(agent, world, ...requeueAll);
    },
    code: 'needs-approval',
    message: /would change 10 rows/,
  },
  {
    name: 'uses an approval twice',
    arrange: async (world, path) => {
      await approve(world);
      const used = await runAs(agent, world, ...requeueAll);
      assert.equal(used.exitCode, 0, used.stderr);
      meddle(path, `UPDATE phases SET state = 'FAILED'`);
      return () => runAs(agent, world, ...requeueAll);
    },
    code: 'needs-approval',
    message: /The approval was used already/,
  },
  {
    name: 'uses an approval for other rows',
    arrange: async (world, path) => {
      await approve(world);
      meddle(path, `UPDATE phases SET state = 'COMPLETE' WHERE phase_index = 3`);
      return () => runAs(agent, world, ...requeueAll);
    },
    code: 'needs-approval',
    message: /would change 9 rows/,
  },
  {
    name: 'uses an approval for another command',
    arrange: async (world) => {
      await approve(world);
      return () => runAs(agent, world, 'delete-run', run, '--database', 'kept.db', '--yes', '--json');
    },
    code: 'needs-approval',
    message: /Deleting a run is refused/,
  },
  {
    name: 'runs an approved drain with another interpreter',
    arrange: async (world) => {
      const drain = ['drain', '--database', 'kept.db', '--executor', 'example', '--batch-size', '1'];
      const given = await runAs(human('kept.db'), world, 'approve', '--', ...drain);
      assert.equal(given.exitCode, 0, given.stderr);
      return () => runAs(agent, world, ...drain, '--python', 'another', '--yes', '--json');
    },
    code: 'needs-approval',
    message: /Draining is refused/,
  },
  {
    name: 'uses an approval for another database',
    arrange: async (world) => {
      const other = await world.make('other.db');
      meddle(other, `UPDATE phases SET state = 'FAILED'`);
      await setLevel(other, 'confirm');
      await approve(world);
      return () => runAs(agent, world, ...requeueAll.map((arg) => arg.replace('kept.db', 'other.db')));
    },
    code: 'needs-approval',
    message: /other\.db is protected/,
  },
  {
    name: 'uses an approval that a copy of the database holds',
    arrange: async (world, path) => {
      await approve(world);
      await mkdir(world.path('elsewhere'));
      await copyFile(path, world.path('elsewhere/kept.db'));
      const cwd = world.path('elsewhere');
      return () => runAs({ ...agent, cwd }, world, ...requeueAll);
    },
    code: 'needs-approval',
    message: /elsewhere.kept\.db is protected/,
  },
  {
    name: 'puts a copy in the place of the approved file',
    arrange: async (world, path) => {
      await approve(world);
      await copyFile(path, world.path('copy.db'));
      await rename(world.path('copy.db'), path);
      return () => runAs(agent, world, ...requeueAll, '--accept-file');
    },
    code: 'needs-approval',
    message: /is protected/,
  },
  {
    name: 'waits until an approval has expired',
    arrange: async (world) => {
      await approve(world);
      return () => runAs({ ...agent, now: Date.now() + 11 * minute }, world, ...requeueAll);
    },
    code: 'needs-approval',
    message: /The approval expired at/,
  },
  {
    name: 'turns the clock back behind an approval',
    arrange: async (world) => {
      await approve(world);
      return () => runAs({ ...agent, now: Date.now() - 20 * minute }, world, ...requeueAll);
    },
    code: 'needs-approval',
    message: /The approval expired at/,
  },
  {
    name: 'uses an approval after the database was made read-only',
    arrange: async (world, path) => {
      await approve(world);
      await setLevel(path, 'read-only');
      return () => runAs(agent, world, ...requeueAll);
    },
    code: 'protected',
    message: /is read-only/,
  },
  {
    name: 'has a human type another name',
    arrange: (world) => Promise.resolve(() => runAs(human('seed.db'), world, ...approveRequeue)),
    code: 'needs-consent',
    message: /is not the name of the database \(kept\.db\)/,
  },
  {
    name: 'asks to approve a command for what is read-only',
    arrange: async (world, path) => {
      await setLevel(path, 'read-only');
      return () => runAs(human('kept.db'), world, ...approveRequeue);
    },
    code: 'protected',
    message: /is read-only/,
  },
  {
    name: 'asks to approve what would make a file',
    arrange: (world) =>
      Promise.resolve(() =>
        runAs(human('kept.db'), world, 'approve', '--json', '--', 'init', '--database', 'new.db'),
      ),
    code: 'invalid-argument',
    message: /no command that needs an approval/,
  },
];

refusesAttempts('an approval that does not hold', attempts);

/** Every command that an approval lets go ahead, on a database with failed phases, one stale phase and a backup. */
const approved: readonly (readonly string[])[] = [
  ['seed', '--run-id', 'more'],
  ['drain', '--executor', 'example', '--batch-size', '1'],
  ['requeue', '--all'],
  ['delete-run', run],
  ['stale', '--mark-failed'],
  ['adopt', '--role', 'seed', '--new-id'],
  ['restore'],
];

describe('an approval', function () {
  this.timeout(30_000);
  const folder = temporaryFolder();
  const reader = suiteReader();

  it('gets ahead once with an approval, whatever else it is told then', async function () {
    const world = new GuardWorld(folder(), reader());
    await aloneOnTheMachine(this, await kept(world));
    const refused = await runAs(agent, world, ...requeueAll);
    assert.match(
      refused.stderr,
      /approve it: at a terminal .* autopack-hygiene approve --workspace .* [0-9a-f]{6},/,
    );
    const approved = await runAs(human('kept.db'), world, 'approve', '--json');
    assert.equal(approved.exitCode, 0, approved.stderr);
    assert.match(
      approved.stderr,
      /Command: autopack-hygiene requeue .*\n.*Re-queue 10 FAILED .*\n.*kept\.db\nId: .*\nProtection: Confirm\nRows: 10\n/,
    );
    const done = await runAs(agent, world, ...requeueAll);
    assert.equal(done.exitCode, 0, done.stderr);
    const { requeued } = JSON.parse(done.stdout) as { requeued: number };
    assert.equal(requeued, 10);
    const listed = await runAs(human(''), world, 'approve', '--dry-run');
    assert.match(listed.stdout, /No command waits/);
  });

  it('is still asked for under the first id when the agent tries again before a human reads it', async function () {
    const world = new GuardWorld(folder(), reader());
    await aloneOnTheMachine(this, await kept(world));
    const { stderr } = await runAs(agent, world, ...requeueAll);
    await runAs(agent, world, ...requeueAll);
    const [, id = ''] = /approve --workspace \S+ ([0-9a-f]{6}),/.exec(stderr) ?? [];
    const { exitCode, stderr: said } = await runAs(human('kept.db'), world, 'approve', id);
    assert.equal(exitCode, 0, said);
  });

  it('is one of two that use an approval at once', async function () {
    const world = new GuardWorld(folder(), reader());
    await aloneOnTheMachine(this, await kept(world));
    await approve(world);
    const runs = await Promise.all([1, 2, 3, 4].map(() => runAs(agent, world, ...requeueAll)));
    assert.deepEqual(runs.map(({ exitCode }) => exitCode).sort(), [0, 2, 2, 2]);
  });

  it('loses its approvals where a backup that holds them is put back', async function () {
    const world = new GuardWorld(folder(), reader());
    const path = await kept(world);
    await aloneOnTheMachine(this, path);
    await approve(world);
    await new Backups(folder()).make(path, 'asked', Date.now());
    const restored = await runAs(human('kept.db'), world, 'restore', '--database', 'kept.db', '--json');
    assert.equal(restored.exitCode, 0, restored.stderr);
    const { exitCode, stderr } = await runAs(agent, world, ...requeueAll);
    assert.equal(exitCode, 2, stderr);
  });

  it('is a human where a terminal is there and nothing tells otherwise, who types the name', async function () {
    const world = new GuardWorld(folder(), reader());
    await aloneOnTheMachine(this, await kept(world));
    const args = requeueAll.filter((arg) => arg !== '--yes');
    assert.equal((await runAs(human('no.db'), world, ...args)).exitCode, 2);
    assert.equal((await runAs(human('kept.db'), world, ...args)).exitCode, 0);
    const lowered = ['protect', '--database', 'kept.db', '--level', 'ask', '--json'];
    assert.equal((await runAs(human('kept.db'), world, ...lowered)).exitCode, 0);
    assert.equal(
      (await runAs(agent, world, 'seed', '--database', 'kept.db', '--run-id', 'x', '--yes')).exitCode,
      0,
    );
  });

  for (const [command = '', ...args] of approved) {
    it(`lets ${command} go ahead, once`, async function () {
      const world = new GuardWorld(folder(), reader());
      const path = await kept(world);
      await aloneOnTheMachine(this, path);
      meddle(
        path,
        `UPDATE phases SET state = 'EXECUTING', created_at = '2020-01-01', updated_at = '2020-01-01'
         WHERE phase_index = 9`,
      );
      await new Backups(folder()).make(path, 'asked', Date.now());
      const whole = [command, '--database', 'kept.db', ...args, '--yes', '--json'];
      const refused = await runAs(agent, world, ...whole);
      assert.equal(refused.exitCode, 2, refused.stdout);
      const given = await runAs(human('kept.db'), world, 'approve', '--json');
      assert.equal(given.exitCode, 0, given.stderr);
      const done = await runAs(agent, world, ...whole);
      assert.equal(done.exitCode, 0, done.stderr);
      const after = await world.contents();
      await runAs(agent, world, ...whole);
      assert.deepEqual(await world.contents(), after, 'nothing is written the second time');
    });
  }
});
