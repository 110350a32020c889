import { copyFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { refusesAll, type Situation } from '../../support/guard/situation.ts';

const pins: readonly Situation[] = [
  {
    name: 'the pins came with a clone of the folder, and speak of another inode',
    arrange: async (world) => {
      const path = await world.make('seed.db');
      const file = join(world.folder, '.autopack-hygiene', 'pins.json');
      const text = await readFile(file, 'utf8');
      await writeFile(file, text.replace(/"fileId": "(\d+):\d+"/, '"fileId": "$1:1"'));
      return () => world.seed(path);
    },
    code: 'which-file',
    message: /file was inode 1, is inode/,
  },
  {
    name: 'the pins are damaged',
    arrange: async (world) => {
      const path = await world.make('seed.db');
      await writeFile(join(world.folder, '.autopack-hygiene', 'pins.json'), '{"version": 1, "pins": [{');
      return () => world.seed(path);
    },
    code: 'unreadable-pins',
    message: /pins\.json does not hold the pins/,
  },
  {
    name: 'two workspaces know two copies, and one writes into the other’s',
    arrange: async (world) => {
      const path = await world.make('seed.db');
      await mkdir(world.path('second'));
      const copy = world.path('second/seed.db');
      await copyFile(path, copy);
      await world.guardIn(world.path('second')).authorise(copy, 'seed');
      return () => world.seed(copy);
    },
    code: 'which-file',
    message: /second\/seed\.db is a copy/,
  },
  {
    name: 'a copy was said to be the real one, and then the original is written',
    arrange: async (world) => {
      const path = await world.make('seed.db');
      const copy = world.path('copy.db');
      await copyFile(path, copy);
      const { fingerprint: mark } = await world.guard.inspect(copy);
      await world.authorise(copy, 'seed', { realFileId: mark.fileId });
      return () => world.seed(path);
    },
    code: 'which-file',
    message: /path was .*copy\.db, is .*seed\.db/,
  },
  {
    name: 'the answer was about a file that has been replaced since',
    arrange: async (world) => {
      const path = await world.make('seed.db');
      await copyFile(path, world.path('copy.db'));
      const { fingerprint: mark } = await world.guard.inspect(world.path('copy.db'));
      await copyFile(path, world.path('second.db'));
      await rename(world.path('second.db'), world.path('copy.db'));
      return () => world.seed(world.path('copy.db'), { realFileId: mark.fileId });
    },
    code: 'which-file',
    message: /is a copy or a restored file/,
  },
];

refusesAll('not what the folder remembers', pins);
