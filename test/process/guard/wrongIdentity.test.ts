import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { meddle } from '../../support/guard/guardWorld.ts';
import { setId, setRole, startedDrain } from '../../support/guard/meddling.ts';
import { refusesAll, type Situation } from '../../support/guard/situation.ts';
import { olderDatabase } from '../../support/olderDatabase.ts';

const withoutIdentity: readonly Situation[] = [
  {
    name: 'a backlog that was never adopted is seeded',
    arrange: async (world) => {
      await olderDatabase(world.path('backlog.db'));
      return () => world.seed(world.path('backlog.db'));
    },
    code: 'not-adopted',
    message: /Seeding is refused: .*backlog\.db has no identity/,
  },
  {
    name: 'it is seeded on the word that any role will do',
    arrange: async (world) => {
      await olderDatabase(world.path('backlog.db'));
      return () => world.seed(world.path('backlog.db'), { anyRole: true });
    },
    code: 'not-adopted',
    message: /has no identity/,
  },
  {
    name: 'it is drained',
    arrange: async (world) => {
      await olderDatabase(world.path('backlog.db'));
      return () => startedDrain(world, world.path('backlog.db'));
    },
    code: 'not-adopted',
    message: /Draining is refused/,
  },
  {
    name: 'a database of another program is seeded',
    arrange: (world) => {
      meddle(world.path('notes.db'), 'CREATE TABLE notes (text TEXT)');
      return Promise.resolve(() => world.seed(world.path('notes.db')));
    },
    code: 'not-autopack',
    message: /lacks the tables runs and phases/,
  },
  {
    name: 'a file of no bytes, which SQLite takes for a database, is seeded',
    arrange: async (world) => {
      await writeFile(world.path('empty.db'), '');
      return () => world.seed(world.path('empty.db'));
    },
    code: 'not-autopack',
    message: /lacks the tables/,
  },
  {
    name: 'a folder is named',
    arrange: async (world) => {
      await mkdir(world.path('folder.db'));
      return () => world.seed(world.path('folder.db'));
    },
    code: 'not-a-file',
    message: /is not a file/,
  },
  {
    name: 'nothing is there, and SQLite would make it',
    arrange: (world) => Promise.resolve(() => world.seed(world.path('gone.db'))),
    code: 'not-found',
    message: /There is no file .*gone\.db/,
  },
  {
    name: 'the identity makes no sense any more',
    arrange: async (world) => {
      const path = await world.make('seed.db');
      await rm(join(world.folder, '.autopack-hygiene'), { recursive: true });
      meddle(path, setId(''));
      return () => world.seed(path);
    },
    code: 'not-adopted',
    message: /has no identity/,
  },
];

const wrongRoles: readonly Situation[] = [
  {
    name: 'a legacy backlog bears the name of the seed',
    arrange: async (world) => {
      const path = await world.make('autopack_telemetry_seed.db', 'legacy');
      return () => world.seed(path);
    },
    code: 'wrong-role',
    message: /is a legacy backlog, not a telemetry seed/,
  },
  {
    name: 'the seed was renamed to legacy, and its role with it',
    arrange: async (world) => {
      const path = await world.make('seed.db');
      await rename(path, world.path('legacy.db'));
      meddle(world.path('legacy.db'), setRole('legacy'));
      return () => world.authorise(world.path('legacy.db'), 'drain');
    },
    code: 'other-database',
    message: /the role of .*legacy\.db was changed .*role was seed, is legacy/,
  },
  {
    name: 'somebody made a seed of the legacy backlog',
    arrange: async (world) => {
      const path = await world.make('legacy.db', 'legacy');
      meddle(path, setRole('seed'));
      return () => world.seed(path);
    },
    code: 'other-database',
    message: /role was legacy, is seed/,
  },
];

refusesAll('one without an identity', withoutIdentity);
refusesAll('one of another role', wrongRoles);
