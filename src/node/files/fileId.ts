import type { BigIntStats } from 'node:fs';

/** `device:inode` of a file, which another file under the same name does not share. */
export function fileIdOf(stats: Pick<BigIntStats, 'dev' | 'ino'>): string {
  return `${stats.dev}:${stats.ino}`;
}
