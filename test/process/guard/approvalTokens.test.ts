import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  ci,
  kept,
  minute,
  refusesAttempts,
  requeueAll,
  tokenFor,
  withToken,
  type Attempt,
} from '../../support/guard/agentAttempts.ts';
import { aloneOnTheMachine } from '../../support/guard/aloneOnTheMachine.ts';
import { runAs } from '../../support/guard/commandsAs.ts';
import { GuardWorld, meddle, suiteReader } from '../../support/guard/guardWorld.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const attempts: readonly Attempt[] = [
  {
    name: 'makes a token up',
    arrange: async (world, path) => {
      const { id } = (await world.guard.inspect(path)).fingerprint;
      return () => runAs(ci, world, ...withToken('aph_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', id ?? ''));
    },
    code: 'needs-approval',
    message: /The token is not for this database/,
  },
  {
    name: 'uses a token without the id',
    arrange: async (world) => {
      const [token] = await tokenFor(world, 'requeue', '99');
      return () => runAs(ci, world, ...requeueAll, '--approval', token);
    },
    code: 'invalid-argument',
    message: /only together with the id/,
  },
  {
    name: 'uses a token with the id of another database',
    arrange: async (world) => {
      const [token] = await tokenFor(world, 'requeue', '99');
      return () => runAs(ci, world, ...withToken(token, 'another'));
    },
    code: 'other-database',
    message: /is not the expected database/,
  },
  {
    name: 'uses a token for another operation',
    arrange: async (world) => {
      const [token, id] = await tokenFor(world, 'seed', '99');
      return () => runAs(ci, world, ...withToken(token, id));
    },
    code: 'needs-approval',
    message: /The token is for seed/,
  },
  {
    name: 'uses a token for more rows than it has',
    arrange: async (world) => {
      const [token, id] = await tokenFor(world, 'requeue', '9');
      return () => runAs(ci, world, ...withToken(token, id));
    },
    code: 'needs-approval',
    message: /The token is for 9 more rows, and this changes 10/,
  },
  {
    name: 'uses a token again when its rows are spent',
    arrange: async (world, path) => {
      const [token, id] = await tokenFor(world, 'requeue', '10');
      assert.equal((await runAs(ci, world, ...withToken(token, id))).exitCode, 0);
      meddle(path, `UPDATE phases SET state = 'FAILED' WHERE phase_index = 1`);
      return () => runAs(ci, world, ...withToken(token, id));
    },
    code: 'needs-approval',
    message: /The token was used already/,
  },
  {
    name: 'uses a token after its last day',
    arrange: async (world) => {
      const [token, id] = await tokenFor(world, 'requeue', '99');
      return () => runAs({ ...ci, now: Date.now() + 31 * 24 * 60 * minute }, world, ...withToken(token, id));
    },
    code: 'needs-approval',
    message: /The token expired at/,
  },
  {
    name: 'uses the digest that the database keeps as the token',
    arrange: async (world, path) => {
      const [, id] = await tokenFor(world, 'requeue', '99');
      const database = new DatabaseSync(path, { readOnly: true });
      const row = database.prepare('SELECT digest FROM autopack_hygiene_approvals').get();
      database.close();
      return () => runAs(ci, world, ...withToken(String(row?.digest), id));
    },
    code: 'needs-approval',
    message: /The token is not for this database/,
  },
];

refusesAttempts('a token that does not hold', attempts);

describe('a token for CI', function () {
  this.timeout(30_000);
  const folder = temporaryFolder();
  const reader = suiteReader();

  it('uses a token for its rows, over several runs', async function () {
    const world = new GuardWorld(folder(), reader());
    const path = await kept(world);
    await aloneOnTheMachine(this, path);
    const [token, id] = await tokenFor(world, 'requeue', '12');
    assert.equal((await runAs(ci, world, ...withToken(token, id))).exitCode, 0);
    meddle(path, `UPDATE phases SET state = 'FAILED' WHERE phase_index < 2`);
    assert.equal((await runAs(ci, world, ...withToken(token, id))).exitCode, 0);
    meddle(path, `UPDATE phases SET state = 'FAILED' WHERE phase_index = 5`);
    assert.equal((await runAs(ci, world, ...withToken(token, id))).exitCode, 2);
  });

  it('leaves no token in what it keeps beside the database', async function () {
    const world = new GuardWorld(folder(), reader());
    await aloneOnTheMachine(this, await kept(world));
    const [token, id] = await tokenFor(world, 'seed', '12');
    await runAs(ci, world, ...withToken(token, id));
    const file = join(world.path('.autopack-hygiene'), 'approval-requests.json');
    const text = await readFile(file, 'utf8');
    assert.ok(!text.includes(token) && text.includes('"requeue"'), text);
  });
});
