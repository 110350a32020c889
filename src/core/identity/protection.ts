import { UserFacingError } from '../errors.ts';
import { isStricter, levelNames, type ProtectionLevel } from '../model/protectionLevel.ts';
import { t } from '../text/l10n.ts';
import { shellCommand } from '../text/shellCommand.ts';
import { defaultLevels, levelOf, type GivenRole } from './identityTable.ts';
import { operationNames, type Operation } from './operation.ts';

/** Everything that takes consent: the guarded operations, and what changes a database as a whole. */
export type ProtectedOperation =
  Operation | 'adopt' | 'restore' | 'move-aside' | 'raise-level' | 'lower-level';

/**
 * Who asks for a write: a human at a terminal or at the editor's own dialogs, an agent or CI that was recognised or called
 * a tool, or a script: a program that nobody can be asked through.
 */
export type Requester = 'terminal' | 'editor' | 'agent' | 'script';

/**
 * What was given already: `--yes` or a pressed button, the typed name of the database, or an approval that a human gave
 * before, for just this write.
 */
export type Consent = 'none' | 'yes' | 'name' | 'approval';

/** What a write still takes. */
export type Requirement = 'nothing' | 'yes' | 'name' | 'approval' | 'refused';

/** A write that somebody asks for. */
export interface WriteRequest {
  readonly level: ProtectionLevel;
  readonly operation: ProtectedOperation;
  /** Whether it is more than one row or run that is new, see {@link isBulkChange}. */
  readonly isBulk: boolean;
  readonly requester: Requester;
  readonly consent: Consent;
}

/** An operation at the beginning of a sentence. */
export const writeNames = (): Readonly<Record<ProtectedOperation, string>> => ({
  ...operationNames(),
  adopt: t`Adopting`,
  restore: t`Restoring a backup`,
  'move-aside': t`Moving the database aside`,
  'raise-level': t`Raising the protection`,
  'lower-level': t`Lowering the protection`,
});

/** Those that change what is there, whatever the number of rows; a drain also costs money. */
const alwaysBulk: ReadonlySet<ProtectedOperation> = new Set([
  'drain',
  'delete-run',
  'undo',
  'adopt',
  'restore',
  'move-aside',
  'lower-level',
]);
const neverBulk: ReadonlySet<ProtectedOperation> = new Set(['seed', 'canary', 'raise-level']);

/** Whether an operation on so many rows changes more than one thing that was there. */
export function isBulkChange(operation: ProtectedOperation, rows: number): boolean {
  return alwaysBulk.has(operation) || (!neverBulk.has(operation) && rows > 1);
}

/**
 * Decides what a write still takes. Every write of both faces goes through it: the level of the database says how much,
 * and who asks says who can give it. No flag stands for a human where a human is wanted.
 */
export function requirementOf(request: WriteRequest): Requirement {
  const wanted = wantedFor(request);
  return satisfies(request.consent, wanted) ? 'nothing' : wanted;
}

function wantedFor({ level, operation, isBulk, requester }: WriteRequest): Requirement {
  const isHuman = requester === 'terminal' || requester === 'editor';
  // Protection is raised by whoever agrees, whatever it was before, and lowered by a human alone.
  if (operation === 'raise-level') return 'yes';
  if (operation === 'lower-level') return isHuman ? 'name' : 'refused';
  switch (level) {
    case 'open':
      return isBulk ? 'yes' : 'nothing';
    case 'ask':
      return 'yes';
    case 'confirm':
      return isHuman ? 'name' : 'approval';
    case 'read-only':
      return 'refused';
  }
}

function satisfies(consent: Consent, wanted: Requirement): boolean {
  switch (wanted) {
    case 'nothing':
      return true;
    case 'yes':
      return consent !== 'none';
    case 'name':
      return consent === 'name' || consent === 'approval';
    case 'approval':
      return consent === 'approval';
    case 'refused':
      return false;
  }
}

/**
 * The level at which adopting a database as something is asked for. One that was never adopted cannot be written yet, and
 * is protected from then on: that takes a yes, unless it would be protected less than what its runs say it is.
 */
export function adoptionLevel(
  database: { readonly id: string | null } & Parameters<typeof levelOf>[0],
  role: GivenRole,
): ProtectionLevel {
  const level = levelOf(database);
  return database.id !== null || isStricter(level, defaultLevels[role]) ? level : 'ask';
}

/** The refusal to write a read-only database; `what` begins a sentence, `path` is absolute. */
export function readOnlyRefused(what: string, path: string): UserFacingError {
  const lowering = shellCommand(['autopack-hygiene', 'protect', '--database', path, '--level', 'confirm']);
  return new UserFacingError(
    'protected',
    t`${what} is refused: ${path} is read-only.`,
    t`A person can lower its protection: at a terminal with ${lowering}, or in VS Code with "Autopack: Set Protection Level…".`,
  );
}

/** The refusal of a write that was agreed to while the database took less. */
export function levelRaised(path: string, was: ProtectionLevel, is: ProtectionLevel): UserFacingError {
  return new UserFacingError(
    'protected',
    t`Nothing was written: the protection of ${path} was raised meanwhile (was ${levelNames()[was]}, is ${levelNames()[is]}).`,
    t`Check the database identity, then try again.`,
  );
}

/** The refusal to lower a level for anybody but a human; `path` is absolute. */
export function loweringRefused(path: string): UserFacingError {
  return new UserFacingError(
    'protected',
    t`Only a person lowers the protection of ${path}, and this command was not started by one at a terminal.`,
    t`Ask a person to run it at a terminal of their own, or "Autopack: Set Protection Level…" in VS Code.`,
  );
}
