import { cp, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders: string[] = [];

/** A folder for a window to open, empty or with a copy of what is in `from`; deleted after all tests. */
export async function temporaryWorkspace(from?: string): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'workspace-')));
  folders.push(folder);
  if (from !== undefined) await cp(from, folder, { recursive: true });
  return folder;
}

/** Deletes every folder that was handed out. */
export async function removeTemporaryWorkspaces(): Promise<void> {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
}
