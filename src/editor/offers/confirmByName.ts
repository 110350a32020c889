import { levelOf } from '../../core/identity/identityTable.ts';
import {
  isBulkChange,
  readOnlyRefused,
  requirementOf,
  writeNames,
  type Consent,
  type ProtectedOperation,
  type Requirement,
} from '../../core/identity/protection.ts';
import { levelNames, type ProtectionLevel } from '../../core/model/protectionLevel.ts';
import { t } from '../../core/text/l10n.ts';
import { databaseName } from '../../core/db/databaseName.ts';
import { safeWindow } from '../window/safeWindow.ts';
import type { OfferBasis } from './offerBasis.ts';

/** The write that an offer is about, for the protection of its database to say what it takes. */
export interface OfferedWrite {
  readonly operation: ProtectedOperation;
  /** How many rows it changes of what it is about: phases, runs. */
  readonly rows: number;
  /** Where the database cannot be asked itself. */
  readonly level?: ProtectionLevel;
}

/** What a write still requires of the person at the editor, beyond the consent already given. */
export function editorRequirement(
  { content }: Pick<OfferBasis, 'content'>,
  { operation, rows, level }: OfferedWrite,
  consent: Consent,
): Requirement {
  const found = content.kind === 'content' ? levelOf(content) : 'ask';
  const isBulk = isBulkChange(operation, rows);
  return requirementOf({ level: level ?? found, operation, isBulk, requester: 'editor', consent });
}

/**
 * Asks for the typed name of a database where a button is not enough; returns whether to go ahead. `action` is
 * what the button said. Throws `protected` where the database is read-only.
 */
export async function confirmByName(
  basis: Pick<OfferBasis, 'content' | 'path'>,
  write: OfferedWrite,
  action: string,
): Promise<boolean> {
  switch (editorRequirement(basis, write, 'yes')) {
    case 'nothing':
    case 'yes':
      return true;
    case 'name':
      return askName(basis, action);
    case 'approval':
    case 'refused':
      throw readOnlyRefused(writeNames()[write.operation], basis.path);
  }
}

async function askName(
  { content, path }: Pick<OfferBasis, 'content' | 'path'>,
  action: string,
): Promise<boolean> {
  const name = databaseName(path);
  const typed = await safeWindow.showInputBox({
    title: action,
    prompt:
      content.kind === 'content'
        ? t`Type ${name} to confirm (protection: ${levelNames()[levelOf(content)]}).`
        : t`Type ${name} to confirm.`,
    placeHolder: name,
    ignoreFocusOut: true,
    validateInput: (text) =>
      text === '' || text.trim() === name ? undefined : t`This is not the name of the database: ${name}`,
  });
  return typed?.trim() === name;
}
