import type { DatabaseWriterPort } from '../../core/db/databasePorts.ts';
import { UserFacingError } from '../../core/errors.ts';
import { forgetApprovalsOperation } from '../../core/identity/approvals.ts';
import { guardedWrite } from '../../core/identity/guardedWrite.ts';
import { levelOf } from '../../core/identity/identityTable.ts';
import { restoredEvent } from '../../core/identity/notedEvents.ts';
import { setLevelOperation } from '../../core/identity/setLevel.ts';
import { isStricter, type ProtectionLevel } from '../../core/model/protectionLevel.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import type { DatabaseGuard } from '../identity/databaseGuard.ts';
import { PinFile } from '../identity/pinFile.ts';
import { existingFileId } from '../writer/placeNewFile.ts';

/** What remembering a restored database needs. */
export interface RestoredMemoryDeps {
  readonly guard: DatabaseGuard;
  readonly reader: DatabaseReader;
  readonly writer: DatabaseWriterPort;
}

/** How a database that cannot be read was protected, as far as this folder knows it; both are absolute. */
export async function rememberedLevel(workspaceFolder: string, path: string): Promise<ProtectionLevel> {
  const pins = await new PinFile(workspaceFolder).read();
  return levelOf(pins.find((pin) => pin.path === path) ?? { role: 'unknown' });
}

/**
 * Looks how far a database (absolute path) has come before a backup (absolute path) is put back, and gives what remembers
 * it afterwards: the restore becomes the next change, so that this folder does not take it for an older state, and it is
 * protected as what it replaced, for the backup may be of a time when that was less. `aside` is where the content from
 * before is.
 */
export async function rememberRestored(
  path: string,
  from: string,
  level: ProtectionLevel,
  { guard, reader, writer }: RestoredMemoryDeps,
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
    await writer.perform(path, forgetApprovalsOperation, null, undefined, expected);
    await keepLevel(path, level, { reader, writer });
    await guard.pin(path);
  };
}

async function keepLevel(
  path: string,
  level: ProtectionLevel,
  { reader, writer }: Pick<RestoredMemoryDeps, 'reader' | 'writer'>,
): Promise<void> {
  const { value: found } = await reader.request(path, 'databaseFingerprint', { runIds: [] });
  const { id, role, fileId } = found;
  const from = levelOf(found);
  if (id === null || role === 'unknown' || !isStricter(level, from)) return;
  const place = { path, expected: { id, role, level: from, fileId } };
  await guardedWrite(writer, place, setLevelOperation, { from, to: level });
}
