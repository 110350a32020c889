import { copyFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { deleteRunOperation } from '../../../src/core/maintenance/deleteRun.ts';
import { guardedWrite } from '../../../src/core/identity/guardedWrite.ts';
import { type GuardWorld, meddle } from '../../support/guard/guardWorld.ts';
import { dropIdentity, setRole, startedDrain } from '../../support/guard/meddling.ts';
import { refusesAll, type Situation } from '../../support/guard/situation.ts';

/** Deletes the seeded run as somebody agreed to, with what was checked then. */
async function agreedDeletion(world: GuardWorld, path: string): Promise<() => Promise<unknown>> {
  const expected = await world.authorise(path, 'delete-run');
  const { value: run } = await world.reader.request(path, 'runToDelete', {
    runId: 'telemetry-collection-v4',
  });
  return () => guardedWrite(world.writer, { path, expected }, deleteRunOperation, { run });
}

const betweenCheckAndWrite: readonly Situation[] = [
  {
    name: 'another database with the same run takes the place of the one a run was to be deleted from',
    arrange: async (world) => {
      const path = await world.make('seed.db');
      const deletion = await agreedDeletion(world, path);
      await writeFile(path, await readFile(await world.make('other.db')));
      return deletion;
    },
    code: 'other-database',
    message: /Nothing was written: .* \(id was/,
  },
  {
    name: 'the run to be deleted gets another phase',
    arrange: async (world) => {
      const path = await world.make('seed.db');
      const deletion = await agreedDeletion(world, path);
      meddle(
        path,
        'CREATE TEMP TABLE one AS SELECT * FROM phases LIMIT 1',
        `UPDATE one SET id = 99, phase_id = 'more'`,
        'INSERT INTO phases SELECT * FROM one',
      );
      return deletion;
    },
    code: 'changed',
    message: /Nothing was deleted: .* \(phases were 10, are 11\)/,
  },
  {
    name: 'the file is swapped for a copy',
    arrange: async (world) => {
      const path = await world.make('seed.db');
      const expected = await world.authorise(path, 'seed');
      await copyFile(path, world.path('copy.db'));
      await rename(world.path('copy.db'), path);
      return () => world.write(path, expected);
    },
    code: 'replaced',
    message: /is not the file it was/,
  },
  {
    name: 'the content is replaced in place by that of another database',
    arrange: async (world) => {
      const path = await world.make('seed.db');
      const expected = await world.authorise(path, 'seed');
      await writeFile(path, await readFile(await world.make('other.db')));
      return () => world.write(path, expected);
    },
    code: 'other-database',
    message: /Nothing was written: .* \(id was [0-9a-f-]{36}, is [0-9a-f-]{36}\)/,
  },
  {
    name: 'the role is changed',
    arrange: async (world) => {
      const path = await world.make('seed.db');
      const expected = await world.authorise(path, 'seed');
      meddle(path, setRole('legacy'));
      return () => world.write(path, expected);
    },
    code: 'other-database',
    message: /role was seed, is legacy/,
  },
  {
    name: 'the identity is taken away',
    arrange: async (world) => {
      const path = await world.make('seed.db');
      const expected = await world.authorise(path, 'seed');
      meddle(path, dropIdentity);
      return () => world.write(path, expected);
    },
    code: 'not-adopted',
    message: /Writing is refused/,
  },
  {
    name: 'the file is deleted',
    arrange: async (world) => {
      const path = await world.make('seed.db');
      const expected = await world.authorise(path, 'seed');
      await rm(path);
      return () => world.write(path, expected);
    },
    code: 'not-found',
    message: /There is no file/,
  },
];

const midDrain: readonly Situation[] = [
  {
    name: 'the database is deleted',
    arrange: async (world) => {
      const path = await world.make('seed.db');
      const next = await startedDrain(world, path);
      await rm(path);
      return next;
    },
    code: 'replaced',
    message: /was deleted or moved away while it was drained/,
  },
  {
    name: 'a copy takes its place',
    arrange: async (world) => {
      const path = await world.make('seed.db');
      const next = await startedDrain(world, path);
      await copyFile(path, world.path('copy.db'));
      await rename(world.path('copy.db'), path);
      return next;
    },
    code: 'replaced',
    message: /Another file has taken the place/,
  },
  {
    name: 'its content is replaced in place by that of another',
    arrange: async (world) => {
      const path = await world.make('seed.db');
      const next = await startedDrain(world, path);
      await writeFile(path, await readFile(await world.make('other.db')));
      return next;
    },
    code: 'other-database',
    message: /id was [0-9a-f-]{36}, is [0-9a-f-]{36}/,
  },
];

refusesAll('changed between check and write', betweenCheckAndWrite);
refusesAll('changed while it is drained', midDrain);
