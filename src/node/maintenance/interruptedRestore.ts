import * as z from 'zod';
import { epochMs } from '../../core/model/timestamp.ts';
import { JsonFile } from '../system/jsonFile.ts';
import { Backups, type Backup } from './backups.ts';

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
  const note = await noteOf(path, workspaceFolder);
  // Without it the restore is as good: it only cannot be told from others, should it be interrupted.
  await note.write({ version: 1, from, now }).catch(() => undefined);
  try {
    return await restore();
  } finally {
    await note.remove();
  }
}

/** The restore into a database that was interrupted, as long as no backup was made since; `null` where there is none. */
export async function interruptedRestore(
  path: string,
  workspaceFolder: string,
): Promise<InterruptedRestore | null> {
  const [newest] = await new Backups(workspaceFolder).list(path);
  // A note that cannot be read says nothing: the newest backup is restored, as ever.
  const note = await (await noteOf(path, workspaceFolder)).readIfValid();
  if (note === null || newest === undefined || !isSafetyCopy(newest, note.now)) return null;
  return { from: note.from, safetyCopy: newest.path };
}

function isSafetyCopy({ reason, madeAt }: Backup, now: number): boolean {
  return reason === 'restore' && madeAt === now;
}

/** The note of a database, beside its backups. */
async function noteOf(
  path: string,
  workspaceFolder: string,
): Promise<JsonFile<z.output<typeof restoringNote>>> {
  const folder = await new Backups(workspaceFolder).folderOf(path);
  return new JsonFile(folder, 'restoring.json', { schema: restoringNote, longest: 64 * 1024 });
}
