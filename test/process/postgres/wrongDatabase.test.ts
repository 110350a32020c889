import assert from 'node:assert/strict';
import { join } from 'node:path';
import { loadIntoPostgres } from '../../support/postgres/loadDatabase.ts';
import { refusesAllOf, serverWorld, type ServerSituation } from '../../support/postgres/serverWorld.ts';
import { postgresServer } from '../../support/postgres/usePostgres.ts';
import { createBacklog } from '../../support/smallBacklog.ts';

const identity = 'autopack_hygiene.identity';

const withoutIdentity: readonly ServerSituation[] = [
  {
    name: 'a backlog that was never adopted is seeded',
    arrange: async (world) => {
      createBacklog(join(world.folder, 'backlog.db'));
      await world.database('backlog');
      await loadIntoPostgres(world.server, 'backlog', join(world.folder, 'backlog.db'));
      return () => world.seed(world.path('backlog'));
    },
    code: 'not-adopted',
    message: /Seeding is refused: postgresql:\/\/autopack@localhost:\d+\/backlog has no identity/,
  },
  {
    name: 'it is seeded on the word that any role will do',
    arrange: async (world) => {
      createBacklog(join(world.folder, 'backlog.db'));
      await world.database('backlog');
      await loadIntoPostgres(world.server, 'backlog', join(world.folder, 'backlog.db'));
      return () => world.seed(world.path('backlog'), { anyRole: true });
    },
    code: 'not-adopted',
    message: /has no identity/,
  },
  {
    name: 'a database of another program is seeded',
    arrange: async (world) => {
      const path = await world.database('notes');
      await world.meddle('notes', 'CREATE TABLE notes (body text)');
      return () => world.seed(path);
    },
    code: 'not-autopack',
    message: /lacks the tables runs and phases/,
  },
  {
    name: 'a database without a table is seeded',
    arrange: async (world) => {
      const path = await world.database('empty');
      return () => world.seed(path);
    },
    code: 'not-autopack',
    message: /lacks the tables/,
  },
  {
    name: 'there is no such database',
    arrange: (world) => Promise.resolve(() => world.seed(world.path('gone'))),
    code: 'not-found',
    message: /no such database, for gone on localhost/,
  },
  {
    name: 'a view stands where the phases should be',
    arrange: async (world) => {
      const path = await world.database('views');
      await world.meddle(
        'views',
        `CREATE TABLE runs (id text); CREATE VIEW phases AS SELECT 1 AS id;
         GRANT SELECT ON runs, phases TO autopack`,
      );
      return () => world.seed(path);
    },
    code: 'not-autopack',
    message: /phases/,
  },
];

const otherRoles: readonly ServerSituation[] = [
  {
    name: 'a legacy backlog bears the name of the seed',
    arrange: async (world) => {
      const path = await world.make('autopack_telemetry_seed', 'legacy');
      return () => world.seed(path);
    },
    code: 'wrong-role',
    message: /is a legacy backlog, not a telemetry seed/,
  },
  {
    name: 'somebody made a seed of the legacy backlog',
    arrange: async (world) => {
      const path = await world.make('legacy', 'legacy');
      await world.meddle('legacy', `UPDATE ${identity} SET role = 'seed'`);
      return () => world.seed(path);
    },
    code: 'other-database',
    message: /role was legacy, is seed/,
  },
];

const otherDatabases: readonly ServerSituation[] = [
  {
    name: 'a dump was restored in its place, under its name',
    arrange: async (world) => {
      const path = await world.make('seed');
      await world.copy('seed', 'restored');
      await world.rename('restored', 'seed');
      return () => world.seed(path);
    },
    code: 'which-file',
    message:
      /is a copy or a restored database \(file was database \d+ of system \d+, is database \d+ of system/,
  },
  {
    name: 'a dump was restored beside it, under another name',
    arrange: async (world) => {
      await world.make('seed');
      const copy = await world.copy('seed', 'seed copy');
      return () => world.seed(copy);
    },
    code: 'which-file',
    message: /path was postgresql:\/\/autopack@localhost:\d+\/seed, is .*\/seed%20copy; file was/,
  },
  {
    name: 'yesterday’s dump was restored in its place',
    arrange: async (world) => {
      const path = await world.make('seed');
      await world.copy('seed', 'yesterday');
      await world.seed(path);
      await world.guard.pin(path);
      await world.rename('yesterday', 'seed');
      return () => world.seed(path);
    },
    code: 'which-file',
    message: /older state/,
  },
  {
    name: 'another adopted database got its name',
    arrange: async (world) => {
      const path = await world.make('seed');
      await world.make('other');
      await world.rename('other', 'seed');
      return () => world.seed(path);
    },
    code: 'other-database',
    message: /is not the database this folder knows \(id was [0-9a-f-]{36}, is [0-9a-f-]{36}/,
  },
  {
    name: 'our schema was dropped',
    arrange: async (world) => {
      const path = await world.make('seed');
      await world.meddle('seed', 'DROP SCHEMA autopack_hygiene CASCADE');
      return () => world.seed(path);
    },
    code: 'other-database',
    message: /id was [0-9a-f-]{36}, is no identity/,
  },
  {
    name: 'its runs were made anew by somebody else',
    arrange: async (world) => {
      const path = await world.make('seed');
      await world.meddle('seed', `UPDATE runs SET created_at = '2020-01-01'`);
      return () => world.seed(path);
    },
    code: 'which-file',
    message: /runs was run telemetry-collection-v4 of \d{4}/,
  },
];

describe('the wrong database on a server', function () {
  this.timeout(30_000);
  const server = postgresServer();
  const world = serverWorld(server);

  refusesAllOf(world, [...withoutIdentity, ...otherRoles, ...otherDatabases]);

  it('is the right one after it was renamed, by another user, by the socket, and after the server was started anew', async () => {
    const path = await world().make('seed');
    const verdict = async (other: string): Promise<string> =>
      (await world().guard.inspect(other)).verdict.kind;
    assert.equal(await verdict(path), 'same');
    assert.equal(await verdict(world().path('seed', 'superuser')), 'moved');
    assert.equal(await verdict(world().pathOf(server().socketUrl('seed'))), 'moved');
    await server().restart('immediate');
    assert.equal(await verdict(path), 'same');
    await world().rename('seed', 'seed renamed');
    assert.equal(await verdict(world().path('seed renamed')), 'moved');
    await world().seed(world().path('seed renamed'));
    await server().dropDatabase('seed renamed');
  });

  it('is a restored one, once a person said that it is the real one', async () => {
    const path = await world().make('seed');
    await world().copy('seed', 'restored');
    await world().rename('restored', 'seed');
    const { fingerprint } = await world().guard.inspect(path);
    await world().seed(path, { realFileId: fingerprint.fileId });
    assert.equal((await world().guard.inspect(path)).verdict.kind, 'same');
  });
});
