import { open, rename, rm } from 'node:fs/promises';
import { CancelledError } from '../../core/errors.ts';
import { writeFileError } from '../files/writeFileError.ts';
import { placeNewFile, refuseUnplaceable } from '../writer/placeNewFile.ts';

/** How an export is written. */
export interface ExportTarget {
  /** Absolute. */
  readonly path: string;
  /** Whether a file that is there may be replaced; the database itself never is. */
  readonly overwrite: boolean;
}

/**
 * Writes text as it comes, and puts the file in its place when it is whole: a stopped export leaves nothing.
 * Rejects with `exists`, `not-found` without the folder, `disk-full`, `no-permission`, `cancelled`, and what `chunks` throws.
 */
export async function writeExport(
  { path, overwrite }: ExportTarget,
  chunks: AsyncIterable<string>,
  signal?: AbortSignal,
): Promise<void> {
  if (!overwrite) await refuseUnplaceable(path);
  const unfinished = `${path}.${process.pid}.part`;
  try {
    const file = await open(unfinished, 'wx');
    try {
      for await (const chunk of chunks) {
        if (signal?.aborted === true) throw new CancelledError('The export');
        await file.appendFile(chunk);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await (overwrite ? rename(unfinished, path) : placeNewFile(unfinished, path));
  } catch (error) {
    await rm(unfinished, { force: true });
    throw writeFileError(error, path);
  }
}
