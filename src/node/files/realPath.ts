import { realpath } from 'node:fs/promises';

/** Where a path leads, whatever symbolic links it goes through; the path itself where there is nothing. */
export async function realPathOf(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}
