import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Removes folders of ours in a folder for temporary files (absolute) that killed processes left there: those whose name
 * matches, that belong to this user, and are `abandoned`. `ageMs` is how long nothing was made or removed in one. Never rejects.
 */
export async function removeTemporaryLitter(
  temporary: string,
  name: RegExp,
  abandoned: (folder: string, ageMs: number) => boolean | Promise<boolean>,
): Promise<void> {
  const names = await readdir(temporary).catch(() => []);
  const ours = names.filter((each) => name.test(each));
  await Promise.allSettled(
    ours.map(async (each) => {
      const folder = join(temporary, each);
      const stats = await lstat(folder);
      const isMine = process.getuid === undefined || stats.uid === process.getuid();
      if (!stats.isDirectory() || !isMine) return;
      if (await abandoned(folder, Date.now() - stats.mtimeMs))
        await rm(folder, { recursive: true, force: true });
    }),
  );
}
