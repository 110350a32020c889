import type { BigIntStats } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { isPostgresPath } from '../../core/db/postgresUrl.ts';

/** Where a path leads, whatever symbolic links it goes through; the path itself where there is nothing. */
export async function realPathOf(path: string): Promise<string> {
  // A database on a server lies in no folder of ours.
  return isPostgresPath(path) ? path : realpath(path).catch(() => path);
}

/** `device:inode` of a file, which another file under the same name does not share. */
export function fileIdOf(stats: Pick<BigIntStats, 'dev' | 'ino'>): string {
  return `${stats.dev}:${stats.ino}`;
}
