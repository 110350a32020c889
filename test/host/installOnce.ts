import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from './projectPaths.ts';

const unfinished = 'installing-';

/**
 * The folder `name` in the project's cache, filled by `installInto` where it is not there yet. An interrupted
 * install leaves nothing that a later one would take for whole; two commands may install the same at once.
 */
export async function installOnce(
  name: string,
  installInto: (folder: string) => Promise<void>,
): Promise<string> {
  const installed = join(cacheFolder, name);
  if (existsSync(installed)) return installed;
  await mkdir(cacheFolder, { recursive: true });
  await removeLeftovers();
  const folder = await mkdtemp(join(cacheFolder, `${unfinished}${String(process.pid)}-`));
  try {
    await installInto(folder);
    await rename(folder, installed);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    // Another command may have installed the same meanwhile: then its folder serves as well.
    if (!existsSync(installed)) throw error;
  }
  return installed;
}

async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(cacheFolder)) {
    const pid = name.startsWith(unfinished) ? Number.parseInt(name.slice(unfinished.length), 10) : undefined;
    if (pid !== undefined && !isRunning(pid))
      await rm(join(cacheFolder, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
