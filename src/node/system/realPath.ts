import type { BigIntStats } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { isPostgresPath, plainPostgresPath } from '../../core/db/postgresUrl.ts';

/**
 * Where a path leads, whatever symbolic links it goes through; the path itself where there is nothing. Of a PostgreSQL
 * database, the path without parameters of the connection, as `DatabaseFile` has it.
 */
export async function realPathOf(path: string): Promise<string> {
  if (isPostgresPath(path)) return plainPostgresPath(path);
  return realpath(path).catch(() => path);
}

/** The path by which drains of a database are known: real, for executors get it, and no link may lead them elsewhere later. */
export async function drainedPathOf(path: string): Promise<string> {
  // What the URL asks of the connection holds for executors, too.
  return isPostgresPath(path) ? path : realPathOf(path);
}

/** `device:inode` of a file, which another file under the same name does not share. */
export function fileIdOf(stats: Pick<BigIntStats, 'dev' | 'ino'>): string {
  return `${stats.dev}:${stats.ino}`;
}

/** Whether two paths name one file, also by a link, or by a second name it has. */
export async function isSameFile(one: string, other: string): Promise<boolean> {
  if ((await realPathOf(one)) === (await realPathOf(other))) return true;
  const [first, second] = await Promise.all([one, other].map(idOf));
  return first !== null && first === second;
}

async function idOf(path: string): Promise<string | null> {
  return stat(path, { bigint: true }).then(fileIdOf, () => null);
}
