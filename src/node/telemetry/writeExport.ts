import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CancelledError } from '../../core/errors.ts';
import { realPathOf } from '../files/realPath.ts';
import {
  createDraft,
  removeDraft,
  removeStaleDrafts,
  replaceable,
  takeModeOf,
} from '../files/replaceFile.ts';
import { writeFileError } from '../files/writeFileError.ts';
import { placeNewFile, refuseUnplaceable } from '../writer/placeNewFile.ts';

/** How an export is written. */
export interface ExportTarget {
  /** Absolute. */
  readonly path: string;
  /** Whether a file that is there may be replaced; the database itself never is. */
  readonly overwrite: boolean;
  /** The database it is of: a new file gets its rights, for it holds the same. Absolute; without it, for this user alone. */
  readonly database?: string | undefined;
}

/**
 * Writes text as it comes, and puts the file in its place when it is whole: a stopped export leaves nothing.
 * Rejects with `exists`, `not-found` without the folder, `disk-full`, `no-permission`, `cancelled`, and what `chunks` throws.
 */
export async function writeExport(
  { path, overwrite, database }: ExportTarget,
  chunks: AsyncIterable<string> | Iterable<string>,
  signal?: AbortSignal,
): Promise<void> {
  if (!overwrite) await refuseUnplaceable(path);
  let draft: string | undefined;
  try {
    await removeStaleDrafts(dirname(path));
    draft = await createDraft(path);
    const file = await open(draft, 'r+');
    try {
      for await (const chunk of chunks) {
        if (signal?.aborted === true) throw new CancelledError('The export');
        await file.appendFile(chunk);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    const replaced = overwrite ? await replaceable(path) : null;
    if (replaced !== null) await takeModeOf(path, draft);
    else if (database !== undefined) await takeModeOf(await realPathOf(database), draft);
    await (overwrite ? rename(draft, path) : placeNewFile(draft, path));
  } catch (error) {
    throw writeFileError(error, path);
  } finally {
    if (draft !== undefined) await removeDraft(draft);
  }
}
