import type { WriteOperation } from '../db/databasePorts.ts';
import { TolerantSchema } from '../db/tolerantSchema.ts';
import { isStricter, levelMeanings, levelNames, type ProtectionLevel } from '../model/protectionLevel.ts';
import { t } from '../text/l10n.ts';
import { identityInside } from './guardedWrite.ts';
import { writeLevel } from './identityTable.ts';
import { levelRaised, type ProtectedOperation } from './protection.ts';

/** What setting a level comes to, for {@link requirementOf}; `null` where it is that one already. */
export function levelChange(
  from: ProtectionLevel,
  to: ProtectionLevel,
): Extract<ProtectedOperation, 'raise-level' | 'lower-level'> | null {
  if (from === to) return null;
  return isStricter(to, from) ? 'raise-level' : 'lower-level';
}

/**
 * Sets the protection of a database, from the level that was shown when somebody agreed. Throws `protected` where it is
 * stricter by now, so that no raise is undone unseen.
 */
export const setLevelOperation: WriteOperation<
  { readonly from: ProtectionLevel; readonly to: ProtectionLevel },
  void
> = {
  name: 'set-level',
  levelAfter: ({ to }) => to,
  subject: ({ from, to }) => ({ from, to }),
  run(db, { from, to }, path) {
    const found = identityInside(db, path);
    if (isStricter(found.level, from)) throw levelRaised(path, from, found.level);
    writeLevel(db, TolerantSchema.read(db), found, to);
  },
};

/** What is asked before a level is set; `path` is absolute, or a name where the path stands elsewhere. */
export function levelQuestion(path: string, from: ProtectionLevel, to: ProtectionLevel): string {
  return isStricter(to, from)
    ? t`Raise the protection of ${path} from ${levelNames()[from]} to ${levelNames()[to]} (${levelMeanings()[to]})?`
    : t`Lower the protection of ${path} from ${levelNames()[from]} to ${levelNames()[to]} (${levelMeanings()[to]})?`;
}
