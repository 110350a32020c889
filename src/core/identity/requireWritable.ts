import { triggersRefused } from '../db/checkedWrites.ts';
import { isPostgresPath } from '../db/postgresUrl.ts';
import { UserFacingError } from '../errors.ts';
import type { DatabaseRole } from '../model/databaseFacts.ts';
import { t } from '../text/l10n.ts';
import { notAutopack } from './adoptDatabase.ts';
import type { DatabaseFingerprint, WriteExpectation } from './databaseFingerprint.ts';
import { decisiveText, type PinVerdict } from './databasePin.ts';
import { levelOf, type GivenRole } from './identityTable.ts';
import { operationNames, operationRoles, writtenTables, type Operation } from './operation.ts';
import { readOnlyRefused } from './protection.ts';

/** What a person has said about the database to be written. */
export interface WriteConsent {
  /** The `device:inode` they said is the real file, where a copy or a restored file was found. */
  readonly realFileId?: string;
  /** Write into a database of any role. It must be adopted all the same. */
  readonly anyRole?: boolean;
  /** Let triggers run that Autopack does not make. */
  readonly allowTriggers?: boolean;
}

/**
 * Lets an operation go ahead on a database, and says what must still hold with the lock taken.
 * Throws `not-autopack`, `not-adopted`, `wrong-role`, `other-database` where a pinned fact differs, `protected` where it
 * is read-only, and `which-file` where a copy or a restored file needs an answer first.
 */
export function requireWritable(
  fingerprint: DatabaseFingerprint,
  operation: Operation,
  verdict: PinVerdict,
  consent: WriteConsent = {},
): WriteExpectation {
  const { path, fileId } = fingerprint;
  const name = operationNames()[operation];
  refusePinned(fingerprint, verdict, name, consent);
  const { id, role } = requireAdopted(fingerprint, name);
  const isMeantFor = consent.anyRole === true || operationRoles[operation].includes(role);
  if (!isMeantFor) throw wrongRole(role, path);
  refuseForeign(fingerprint, writtenTables(operation), consent.allowTriggers === true);
  const level = levelOf(fingerprint);
  if (level === 'read-only') throw readOnlyRefused(name, path);
  return { id, role, level, fileId, ...(consent.allowTriggers === true ? { allowTriggers: true } : {}) };
}

/**
 * Throws `triggers` where triggers on those tables would run that Autopack does not make, unless they may, and
 * `unsupported` where one of the tables is none.
 */
export function refuseForeign(
  { path, foreign }: Pick<DatabaseFingerprint, 'path' | 'foreign'>,
  tables: ReadonlySet<string>,
  allowTriggers: boolean,
): void {
  const notTables = foreign.notTables.filter((table) => tables.has(table));
  if (notTables.length > 0) {
    throw new UserFacingError(
      'unsupported',
      notTables.length === 1
        ? t`Nothing was written: in ${path}, ${notTables.join('')} would be written and is a view or a virtual table.`
        : t`Nothing was written: in ${path}, ${notTables.join(t` and `)} would be written and are views or virtual tables.`,
      t`Select the database that Autopack writes.`,
    );
  }
  const triggers = foreign.triggers.filter(({ table }) => tables.has(table));
  if (triggers.length > 0 && !allowTriggers) throw triggersRefused(path, triggers);
}

/**
 * The identity of an adopted database; throws `not-autopack`, or `not-adopted`: without an identity a database can be
 * browsed and analysed, not written. `what` begins a sentence.
 */
export function requireAdopted(
  {
    id,
    role,
    path,
    isAutopack,
    foreign,
  }: Pick<DatabaseFingerprint, 'id' | 'role' | 'path' | 'isAutopack'> & {
    readonly foreign?: Pick<DatabaseFingerprint['foreign'], 'notTables'>;
  },
  what: string,
): { readonly id: string; readonly role: GivenRole } {
  if (!isAutopack) {
    const nextStep = t`Select a database of Autopack, or create a telemetry seed database.`;
    throw notAutopack(path, nextStep, foreign?.notTables);
  }
  if (id !== null && role !== 'unknown') return { id, role };
  throw new UserFacingError(
    'not-adopted',
    t`${what} is refused: ${path} has no identity, so it cannot be told from other databases.`,
    isPostgresPath(path)
      ? t`Adopt the database first (adopt --role seed or --role legacy): it gets an id and a role of its own.`
      : t`Adopt the database first (adopt --role seed or --role legacy): it gets a backup, then an id and a role of its own.`,
  );
}

/** The refusal to write into a database that is for something else. */
export function wrongRole(role: DatabaseRole, path: string): UserFacingError {
  return new UserFacingError(
    'wrong-role',
    role === 'legacy'
      ? t`${path} is a legacy backlog, not a telemetry seed database.`
      : t`${path} is a telemetry seed database, not a legacy backlog.`,
    t`Create a telemetry seed database and seed that, or allow any role.`,
  );
}

/**
 * What must hold for the protection of a database to be set, at any level. `name` begins a sentence. Throws what
 * {@link requireWritable} throws of a database that is not the one the folder knows, or was not adopted.
 */
export function requireKnown(
  fingerprint: DatabaseFingerprint,
  name: string,
  verdict: PinVerdict,
  consent: WriteConsent = {},
): WriteExpectation {
  refusePinned(fingerprint, verdict, name, consent);
  const { id, role } = requireAdopted(fingerprint, name);
  refuseForeign(fingerprint, writtenTables(), false);
  return { id, role, level: levelOf(fingerprint), fileId: fingerprint.fileId };
}

function refusePinned(
  { path, fileId }: DatabaseFingerprint,
  verdict: PinVerdict,
  name: string,
  { realFileId }: WriteConsent,
): void {
  const text = decisiveText(verdict);
  switch (verdict.kind) {
    case 'unknown':
    case 'same':
    case 'moved':
      return;
    case 'copy-or-restored':
      if (realFileId === fileId) return;
      throw new UserFacingError(
        'which-file',
        isPostgresPath(path)
          ? t`${name} is refused: ${path} is a copy or a restored database (${text}).`
          : t`${name} is refused: ${path} is a copy or a restored file (${text}).`,
        t`If it is this one, say so with --accept-file; otherwise select the real one.`,
      );
    case 'older-state':
      if (realFileId === fileId) return;
      throw new UserFacingError(
        'which-file',
        t`${name} is refused: ${path} is an older state of the database than this folder has seen (${text}).`,
        t`If it was put back on purpose, say so with --accept-file; otherwise restore a newer backup.`,
      );
    case 'other-history':
      if (realFileId === fileId) return;
      throw new UserFacingError(
        'which-file',
        t`${name} is refused: ${path} was changed elsewhere, from an earlier state than this folder has seen (${text}).`,
        t`If it is this one, say so with --accept-file; otherwise restore a backup or select the real one.`,
      );
    case 'different-id':
      throw new UserFacingError(
        'other-database',
        t`${name} is refused: ${path} is not the database this folder knows (${text}).`,
        t`Find out what put it there, and restore a backup; if it is meant to be here, adopt it.`,
      );
    case 'role-changed':
      throw new UserFacingError(
        'other-database',
        t`${name} is refused: the role of ${path} was changed (${text}).`,
        t`Restore a backup from before the change; if the change was meant, adopt the database again.`,
      );
  }
}
