import { copyFile, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { resolveDatabaseLocation } from '../../../src/node/identity/databaseUrlSources.ts';
import { meddle } from '../../support/guard/guardWorld.ts';
import { dropIdentity, idOf, setId } from '../../support/guard/meddling.ts';
import { refusesAll, type Situation } from '../../support/guard/situation.ts';

const otherFiles: readonly Situation[] = [
  {
    name: 'a relative URL means another file in another folder',
    arrange: async (world) => {
      const expected = await world.authorise(await world.make('seed.db'), 'seed');
      await mkdir(world.path('elsewhere'));
      await world.make('elsewhere/seed.db');
      const path = resolveDatabaseLocation('sqlite:///seed.db', world.path('elsewhere'));
      return () => world.write(path, expected);
    },
    code: 'replaced',
    message: /elsewhere\/seed\.db is not the file it was/,
  },
  {
    name: 'a symbolic link now leads to the backlog',
    arrange: async (world) => {
      await world.make('seed.db');
      await world.make('legacy.db', 'legacy');
      await symlink('legacy.db', world.path('current.db'));
      return () => world.seed(world.path('current.db'));
    },
    code: 'wrong-role',
    message: /legacy\.db is a legacy backlog/,
  },
  {
    name: 'a symbolic link is turned to another seed between check and write',
    arrange: async (world) => {
      await world.make('seed.db');
      await world.make('other.db');
      const link = world.path('current.db');
      await symlink('seed.db', link);
      const expected = await world.authorise(link, 'seed');
      await rm(link);
      await symlink('other.db', link);
      return () => world.write(link, expected);
    },
    code: 'replaced',
    message: /another has taken its place/,
  },
  {
    name: 'a copy is written',
    arrange: async (world) => {
      await copyFile(await world.make('seed.db'), world.path('copy.db'));
      return () => world.seed(world.path('copy.db'));
    },
    code: 'which-file',
    message:
      /copy or a restored file \(path was .*seed\.db, is .*copy\.db; file was inode \d+, is inode \d+\)\.$/,
  },
  {
    name: 'a copy is told from the original by nothing but the case of its name',
    arrange: async (world) => {
      await copyFile(await world.make('seed.db'), world.path('Seed.db'));
      return () => world.seed(world.path('Seed.db'));
    },
    code: 'which-file',
    message: /Seed\.db is a copy or a restored file/,
  },
  {
    name: 'a link leads to a copy',
    arrange: async (world) => {
      await copyFile(await world.make('seed.db'), world.path('copy.db'));
      await symlink('copy.db', world.path('link.db'));
      return () => world.seed(world.path('link.db'));
    },
    code: 'which-file',
    message: /copy\.db is a copy/,
  },
  {
    name: 'an older state of the file was put in its place',
    arrange: async (world) => {
      const path = await world.make('seed.db');
      await copyFile(path, world.path('yesterday.db'));
      await world.seed(path);
      await rename(world.path('yesterday.db'), path);
      return () => world.seed(path);
    },
    code: 'which-file',
    message: /file was inode/,
  },
  {
    name: 'an older state was copied over the file, which stays the same file',
    arrange: async (world) => {
      const path = await world.make('seed.db');
      await copyFile(path, world.path('yesterday.db'));
      await world.seed(path);
      await world.authorise(path, 'seed');
      await writeFile(path, await readFile(world.path('yesterday.db')));
      return () => world.seed(path);
    },
    code: 'which-file',
    message: /runs was run another-run of \d{4}.*, is 1 of the 2 remembered runs gone/,
  },
  {
    name: 'another database bears the id, forged, under another name',
    arrange: async (world) => {
      const id = await idOf(world, await world.make('seed.db'));
      const other = await world.make('other.db');
      await rm(join(world.folder, '.autopack-hygiene'), { recursive: true });
      await world.guard.pin(world.path('seed.db'));
      meddle(other, setId(id));
      return () => world.seed(other);
    },
    code: 'which-file',
    message: /path was .*seed\.db, is .*other\.db; file was/,
  },
  {
    name: 'another database bears the id, forged, in the place of the real one',
    arrange: async (world) => {
      const path = await world.make('seed.db');
      const id = await idOf(world, path);
      meddle(await world.make('other.db', 'seed'), setId(id), `UPDATE runs SET created_at = '2020-01-01'`);
      await rename(world.path('other.db'), path);
      return () => world.seed(path);
    },
    code: 'which-file',
    message:
      /file was inode .*runs was run telemetry-collection-v4 of \d{4}.*is run telemetry-collection-v4 of 2020/,
  },
  {
    name: 'another adopted database lies where the pinned one was',
    arrange: async (world) => {
      const path = await world.make('seed.db');
      await world.make('other.db');
      await rename(world.path('other.db'), path);
      return () => world.seed(path);
    },
    code: 'other-database',
    message: /is not the database this folder knows \(id was [0-9a-f-]{36}, is [0-9a-f-]{36}/,
  },
  {
    name: 'the pinned database has lost its identity',
    arrange: async (world) => {
      const path = await world.make('seed.db');
      meddle(path, dropIdentity);
      return () => world.seed(path);
    },
    code: 'other-database',
    message: /id was [0-9a-f-]{36}, is no identity/,
  },
];

refusesAll('another file', otherFiles);
