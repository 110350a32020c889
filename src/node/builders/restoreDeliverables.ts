import { constants } from 'node:fs';
import { open, rename, rm, rmdir } from 'node:fs/promises';
import { errnoCode } from '../system/fileError.ts';
import { openFlag } from '../system/regularFile.ts';
import { bytesBefore, writeCheckpoint, type Checkpoint } from './checkpoint.ts';
import { nameOf, RefusedPath, type OpenedFolder, type OpenedFolders } from './openedFolder.ts';

/** Of which attempt files are, and where its checkpoint lies; paths are absolute. */
export interface AttemptPlace {
  readonly workspaceFolder: string;
  readonly attemptFolder: string;
}

/**
 * Puts every file back that is as the attempt wrote it, and tells the paths of those that are not. What was put back before,
 * or never written, is left; so it can be done again after it was cut short anywhere.
 */
export async function restoreCheckpoint(
  checkpoint: Checkpoint,
  folders: OpenedFolders,
  { workspaceFolder, attemptFolder }: AttemptPlace,
): Promise<string[]> {
  const changed: string[] = [];
  for (const file of checkpoint.files) {
    try {
      if (!(await restoreFile(file, folders))) changed.push(file.path);
    } catch (error) {
      // A link or another folder stands in the way, or somebody took the right to write: the file is not ours any more.
      if (!(error instanceof RefusedPath) && !isRefusal(error)) throw error;
      changed.push(file.path);
    }
  }
  for (const folder of checkpoint.folders.toReversed()) await removeIfEmpty(folder, folders);
  if (changed.length === 0) {
    await writeCheckpoint(workspaceFolder, attemptFolder, { ...checkpoint, restoredAt: Date.now() });
  }
  return changed;
}

/** `false` where the file is neither the old one nor the one that was written. */
async function restoreFile(file: Checkpoint['files'][number], folders: OpenedFolders): Promise<boolean> {
  const before = bytesBefore(file);
  const folder = await folders.folderOf(file.path);
  if (folder === null) return before === null;
  await rm(folder.child(file.draft), { force: true });
  const now = await currentBytes(folder, nameOf(file.path));
  if (now === null || before === null ? now === before : now.equals(before)) return true;
  if (now?.equals(Buffer.from(file.after.text, 'utf8')) !== true) return false;
  const target = folder.child(nameOf(file.path));
  if (before === null) {
    await rm(target, { force: true });
  } else {
    await writeDraft(folder, file.draft, before, file.before?.mode ?? null);
    await rename(folder.child(file.draft), target);
  }
  folder.forgetNames();
  await folder.sync();
  return true;
}

async function currentBytes(folder: OpenedFolder, name: string): Promise<Buffer | null> {
  folder.forgetNames();
  if (!(await folder.has(name))) return null;
  const file = await folder.openFile(name);
  try {
    const buffer = Buffer.alloc(file.size + 1);
    return buffer.subarray(0, await file.read(buffer, 0));
  } finally {
    file.close();
  }
}

/** Only a folder that the attempt made, and only while nothing is in it. */
async function removeIfEmpty(path: string, folders: OpenedFolders): Promise<void> {
  try {
    await folders.forget(path);
    const parent = await folders.folderOf(path);
    if (parent === null) return;
    await rmdir(parent.child(nameOf(path)));
    parent.forgetNames();
  } catch (error) {
    if (!(error instanceof RefusedPath) && errnoCode(error) === undefined) throw error;
  }
}

function isRefusal(error: unknown): boolean {
  return ['EACCES', 'EPERM', 'EROFS', 'EISDIR', 'ENOTDIR', 'ELOOP', 'EBUSY'].includes(errnoCode(error) ?? '');
}

/** Writes a file beside its place. A folder that was exchanged meanwhile is found out before anything is in its place. */
export async function writeDraft(
  folder: OpenedFolder,
  draft: string,
  bytes: Buffer,
  mode: number | null,
): Promise<void> {
  const { O_CREAT, O_EXCL, O_WRONLY } = constants;
  const flags = O_CREAT | O_EXCL | O_WRONLY | openFlag('O_NOFOLLOW');
  // The system takes from the rights of a new file what the user's mask says.
  const file = await open(folder.child(draft), flags, mode === null ? 0o666 : 0o600);
  try {
    await file.writeFile(bytes);
    if (mode !== null) await file.chmod(mode);
    await file.sync();
  } finally {
    await file.close();
  }
  await folder.verify();
}
