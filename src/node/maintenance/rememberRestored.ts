import type { DatabaseWriterPort } from '../../core/db/databasePorts.ts';
import { UserFacingError } from '../../core/errors.ts';
import { restoredEvent } from '../../core/identity/notedEvents.ts';
import type { DatabaseGuard } from '../identity/databaseGuard.ts';
import { existingFileId } from '../writer/placeNewFile.ts';

/** What remembering a restored database needs. */
export interface RestoredMemoryDeps {
  readonly guard: DatabaseGuard;
  readonly writer: DatabaseWriterPort;
}

/**
 * Looks how far a database (absolute path) has come before a backup (absolute path) is put back, and gives what remembers
 * it afterwards: the restore becomes the next change, so that this folder does not take it for an older state. `aside` is
 * where the content from before is.
 */
export async function rememberRestored(
  path: string,
  from: string,
  { guard, writer }: RestoredMemoryDeps,
): Promise<(aside: string | null) => Promise<void>> {
  const above = await guard.lastSerial(path);
  return async (aside) => {
    const occasion = { above, ...(aside === null ? {} : { backup: aside }) };
    const expected = { fileId: existingFileId(path), occasion };
    try {
      await writer.perform(path, restoredEvent, { from }, undefined, expected);
    } catch (error) {
      // It is restored all the same, and pinned as it is.
      if (!(error instanceof UserFacingError)) throw error;
    }
    await guard.pin(path);
  };
}
