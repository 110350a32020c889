import { randomUUID } from 'node:crypto';
import type { WriteExpectation } from '../../src/core/identity/databaseFingerprint.ts';
import { adoptDatabase } from '../../src/core/identity/adoptDatabase.ts';
import { defaultLevels, type GivenRole } from '../../src/core/identity/identityTable.ts';
import { setLevelOperation } from '../../src/core/identity/setLevel.ts';
import type { ProtectionLevel } from '../../src/core/model/protectionLevel.ts';
import { DatabaseWriter } from '../../src/node/writer/databaseWriter.ts';
import { existingFileId } from '../../src/node/writer/placeNewFile.ts';

/** Adopts a database, as a person would, and gives what a write to it expects. */
export async function adopted(
  path: string,
  role: GivenRole,
  level = defaultLevels[role],
): Promise<WriteExpectation> {
  const expected = {
    id: randomUUID(),
    role,
    level: defaultLevels[role],
    fileId: existingFileId(path),
  };
  await adoptDatabase(new DatabaseWriter(), path, { ...expected, createdAt: Date.now() }, expected);
  if (level !== expected.level) await setLevel(path, level);
  return { ...expected, level };
}

/** Sets the protection of an adopted database, as a person would. */
export async function setLevel(path: string, to: ProtectionLevel): Promise<void> {
  const params = { from: 'read-only', to } as const;
  await new DatabaseWriter().perform(path, setLevelOperation, params);
}
