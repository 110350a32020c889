import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { skipBecause } from './skipBecause.ts';

const folder = join(import.meta.dirname, '../../../shared/data');

/** The path of a real file beside the project, or skips the running test (or suite) where it is not at hand. */
export function sharedData(context: Mocha.Context, name: string): string {
  const path = join(folder, name);
  return existsSync(path) ? path : skipBecause(context, `the real file ${name} is not at hand`);
}
