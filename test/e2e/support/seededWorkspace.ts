import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { initDatabase, seedDatabase } from '../../../src/core/seed/seedDatabase.ts';
import { DatabaseWriter } from '../../../src/node/writer/databaseWriter.ts';
import { temporaryWorkspace } from './temporaryWorkspace.ts';

/** User settings that let scripts in JavaScript stand in for Autopack's, for Python need not be there. */
export const nodeAsPython = { 'autopackHygiene.pythonInterpreter': process.execPath };

/** A folder with a seeded `seed.db`, and where Autopack's script would be one in JavaScript that takes its place. */
export async function seededWorkspace(script: string): Promise<{ folder: string; database: string }> {
  const folder = await temporaryWorkspace();
  const database = join(folder, 'seed.db');
  const writer = new DatabaseWriter();
  await initDatabase(writer, database, { id: 'e2e', role: 'seed', createdAt: Date.now() });
  await seedDatabase(writer, database, { now: Date.now() });
  await mkdir(join(folder, 'scripts'));
  await writeFile(join(folder, 'scripts', 'drain_one_phase.py'), script);
  return { folder, database };
}
