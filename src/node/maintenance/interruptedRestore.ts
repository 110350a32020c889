import { z } from 'zod';
import { epochMs } from '../../core/model/timestamp.ts';
import type { OwnFolder } from '../system/ownFolder.ts';
import { Backups, type Backup } from './backups.ts';

const fileName = 'restoring.json';
/** In bytes. */
const longest = 64 * 1024;

/** What is noted while a restore is under way: a process that is killed leaves it behind. */
const restoringNote = z.object({ version: z.literal(1), from: z.string().min(1), now: epochMs });

/** A restore that did not come to its end. Paths are absolute. */
export interface InterruptedRestore {
  /** The backup that was to come back. */
  readonly from: string;
  /** The backup of what was there, made for safety: the newest, though nobody asked for it. */
  readonly safetyCopy: string;
}

/**
 * Notes beside the backups of a database what is being restored into it, for as long as `restore` takes. `now` is ms since
 * the epoch, and that of the backup which is made for safety.
 */
export async function noteRestoring<T>(
  {
    path,
    backupPath: from,
    workspaceFolder,
    now,
  }: {
    readonly path: string;
    readonly backupPath: string;
    readonly workspaceFolder: string;
    readonly now: number;
  },
  restore: () => Promise<T>,
): Promise<T> {
  const folder = await new Backups(workspaceFolder).folderOf(path);
  // Without it the restore is as good: it only cannot be told from others, should it be interrupted.
  await folder.write(fileName, JSON.stringify({ version: 1, from, now })).catch(() => undefined);
  try {
    return await restore();
  } finally {
    await folder.remove(fileName);
  }
}

/** The restore into a database that was interrupted, as long as no backup was made since; `null` where there is none. */
export async function interruptedRestore(
  path: string,
  workspaceFolder: string,
): Promise<InterruptedRestore | null> {
  const backups = new Backups(workspaceFolder);
  const [newest] = await backups.list(path);
  const note = await readNote(await backups.folderOf(path));
  if (note === null || newest === undefined || !isSafetyCopy(newest, note.now)) return null;
  return { from: note.from, safetyCopy: newest.path };
}

function isSafetyCopy({ reason, madeAt }: Backup, now: number): boolean {
  return reason === 'restore' && madeAt === now;
}

/** A note that cannot be read says nothing: the newest backup is restored, as ever. */
async function readNote(folder: OwnFolder): Promise<z.infer<typeof restoringNote> | null> {
  try {
    const text = await folder.read(fileName, longest);
    return text === null ? null : restoringNote.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
