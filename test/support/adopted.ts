import { randomUUID } from 'node:crypto';
import type { WriteExpectation } from '../../src/core/identity/databaseFingerprint.ts';
import { adoptDatabase } from '../../src/core/identity/adoptDatabase.ts';
import type { GivenRole } from '../../src/core/identity/identityTable.ts';
import { DatabaseWriter } from '../../src/node/writer/databaseWriter.ts';
import { existingFileId } from '../../src/node/writer/placeNewFile.ts';

/** Adopts a database, as a person would, and gives what a write to it expects. */
export async function adopted(path: string, role: GivenRole): Promise<WriteExpectation> {
  const expected = { id: randomUUID(), role, fileId: existingFileId(path) };
  await adoptDatabase(new DatabaseWriter(), path, { ...expected, createdAt: Date.now() }, expected);
  return expected;
}
