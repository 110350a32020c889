import { refusesAllOf, serverWorld, type ServerSituation } from '../../support/postgres/serverWorld.ts';
import { postgresServer } from '../../support/postgres/usePostgres.ts';

const identity = 'autopack_hygiene.identity';

const changedBetween: readonly ServerSituation[] = [
  {
    name: 'another database got its name between check and write',
    arrange: async (world) => {
      const path = await world.make('seed');
      await world.make('other');
      const expected = await world.authorise(path);
      await world.rename('other', 'seed');
      return () => world.write(path, expected);
    },
    code: 'replaced',
    message: /is not the database it was: another has taken its place \(the database has the oid/,
  },
  {
    name: 'its identity was changed between check and write',
    arrange: async (world) => {
      const path = await world.make('seed');
      const expected = await world.authorise(path);
      await world.meddle('seed', `UPDATE ${identity} SET id = gen_random_uuid()::text`);
      return () => world.write(path, expected);
    },
    code: 'other-database',
    message: /[0-9a-f-]{36}/,
  },
  {
    name: 'its role was changed between check and write',
    arrange: async (world) => {
      const path = await world.make('seed');
      const expected = await world.authorise(path);
      await world.meddle('seed', `UPDATE ${identity} SET role = 'legacy'`);
      return () => world.write(path, expected);
    },
    code: 'other-database',
    message: /role|legacy/,
  },
  {
    name: 'it was protected between check and write',
    arrange: async (world) => {
      const path = await world.make('seed');
      const expected = await world.authorise(path);
      await world.meddle('seed', `UPDATE ${identity} SET level = 'read-only'`);
      return () => world.write(path, expected);
    },
    code: 'protected',
    message: /read-only|protect/,
  },
  {
    name: 'its identity went between check and write',
    arrange: async (world) => {
      const path = await world.make('seed');
      const expected = await world.authorise(path);
      await world.meddle('seed', `DELETE FROM ${identity}`);
      return () => world.write(path, expected);
    },
    code: 'not-adopted',
    message: /has no identity/,
  },
];

const notAllowed: readonly ServerSituation[] = [
  {
    name: 'the user may only read',
    arrange: async (world) => {
      await world.make('seed');
      const expected = await world.authorise(world.path('seed'));
      return () => world.write(world.path('seed', 'reader'), expected);
    },
    code: 'no-permission',
    message: /permission denied/,
  },
  {
    name: 'the user may no longer write one of the tables',
    arrange: async (world) => {
      const path = await world.make('seed');
      await world.meddle(
        'seed',
        'ALTER TABLE phases OWNER TO postgres; GRANT SELECT, UPDATE ON phases TO autopack; GRANT USAGE ON SEQUENCE phases_id_seq TO autopack',
      );
      return () => world.seed(path);
    },
    code: 'read-only',
    message: /can only be read by the user autopack, who may not insert rows of phases/,
  },
  {
    name: 'somebody put a trigger on a table',
    arrange: async (world) => {
      const path = await world.make('seed');
      await world.meddle(
        'seed',
        `CREATE FUNCTION copied() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
         CREATE TRIGGER copying BEFORE INSERT ON phases FOR EACH ROW EXECUTE FUNCTION copied()`,
      );
      return () => world.seed(path);
    },
    code: 'triggers',
    message: /copying/,
  },
  {
    name: 'rows of a table are hidden from this user',
    arrange: async (world) => {
      const path = await world.make('seed');
      await world.meddle(
        'seed',
        `ALTER TABLE phases ENABLE ROW LEVEL SECURITY; ALTER TABLE phases FORCE ROW LEVEL SECURITY;
         CREATE POLICY hiding ON phases USING (phase_index < 5)`,
      );
      return () => world.seed(path);
    },
    code: 'unsupported',
    message: /row-level security/,
  },
];

describe('the wrong database on a server, between check and write', function () {
  this.timeout(30_000);
  const world = serverWorld(postgresServer());

  refusesAllOf(world, [...changedBetween, ...notAllowed]);
});
