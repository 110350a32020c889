import { CheckedWrites } from '../db/checkedWrites.ts';
import type {
  DatabaseWriterPort,
  ExpectedFile,
  WriteDatabase,
  WriteOccasion,
  WriteOperation,
} from '../db/databasePorts.ts';
import { TolerantSchema } from '../db/tolerantSchema.ts';
import { UserFacingError } from '../errors.ts';
import { isStricter, levelNames, type ProtectionLevel } from '../model/protectionLevel.ts';
import { t } from '../text/l10n.ts';
import type { WriteExpectation } from './databaseFingerprint.ts';
import { differencesText, type FactDifference } from './databasePin.ts';
import { levelOf, readIdentity, type GivenRole } from './identityTable.ts';
import type { JournalAuthor, JournalEntry } from './journalEntry.ts';
import { JournalTable } from './journalTable.ts';
import { levelRaised } from './protection.ts';
import { requireAdopted } from './requireWritable.ts';

/** A write into one certain database. */
export interface GuardedWrite {
  /** Absolute. */
  readonly path: string;
  readonly expected: WriteExpectation;
  /** What it belongs to, for the journal. */
  readonly occasion?: WriteOccasion | undefined;
}

/**
 * Makes a change in one transaction, if the database under that path is the expected one: file, id, role and protection
 * are compared with the lock held, when nobody can change them any more. Throws `replaced`, `not-adopted`,
 * `other-database` with the fact that differs, `protected`, and what the writer throws; nothing is written then.
 */
export function guardedWrite<Params, Result>(
  writer: DatabaseWriterPort,
  { path, expected, occasion }: GuardedWrite,
  operation: WriteOperation<Params, Result>,
  params: Params,
  signal?: AbortSignal,
): Promise<Result> {
  const { fileId, id, role, level, allowTriggers } = expected;
  return writer.perform(path, operation, params, signal, {
    fileId,
    identity: { id, role, level },
    allowTriggers,
    occasion,
  });
}

/** Who makes a change, and what tells it from others; see {@link JournalEntry}. */
export interface WriteOrigin {
  readonly author: JournalAuthor;
  readonly folder: string | null;
  readonly mark: string;
  readonly at: number;
}

/**
 * Makes a change inside a transaction: compares the identity before and, where triggers may run, after it, has every
 * statement checked, and notes what was changed in the journal. Throws what {@link CheckedWrites}, {@link JournalTable} and
 * the operation throw.
 */
export function performChecked<Params, Result>(
  db: WriteDatabase,
  path: string,
  operation: WriteOperation<Params, Result>,
  params: Params,
  origin: WriteOrigin,
  { identity, allowTriggers = false, occasion = {} }: Partial<ExpectedFile> = {},
): Performed<Result> {
  const before = identity === undefined ? null : identityInside(db, path);
  if (identity !== undefined && before !== null) refuseOtherIdentity(before, identity, path);
  const journal = JournalTable.open(db, path);
  const checked = new CheckedWrites(db, path, allowTriggers);
  const result = operation.run(checked, params, path);
  const furtherRows = checked.refuseUnagreed(operation.agreedRows?.(params));
  const { changedRows: rows } = checked;
  const isChange = operation.isNoted === true || Object.keys(rows).length > 0 || furtherRows > 0;
  const subject = operation.subject?.(params) ?? {};
  const done = { operation: operation.name, subject, rows, further: furtherRows };
  const entry = isChange ? noteChange(db, path, journal, done, origin, occasion) : null;
  if (before !== null) refuseChangedIdentity(db, path, before, operation.levelAfter?.(params));
  return { result, furtherRows, entry };
}

/** Notes a change in the journal of a database, unless it has no identity: nothing could be told by it then. */
function noteChange(
  db: WriteDatabase,
  path: string,
  journal: JournalTable,
  done: Pick<JournalEntry, 'operation' | 'subject' | 'rows' | 'further'>,
  { author, folder, mark, at }: WriteOrigin,
  { backup, session, above = 0 }: WriteOccasion,
): JournalEntry | null {
  const database = readIdentity(db, TolerantSchema.read(db))?.id;
  if (database === undefined) return null;
  const occasion = { backup: backup ?? null, session: session ?? null, above };
  return journal.note({ ...done, author, folder, mark, at, database, path, ...occasion });
}

/** Notes that a database was made, in the transaction in which it was; `path` is where it will lie. */
export function noteCreation(db: WriteDatabase, path: string, origin: WriteOrigin): JournalEntry | null {
  const done = { operation: 'init', subject: {}, rows: {}, further: 0 };
  return noteChange(db, path, JournalTable.open(db, path), done, origin, {});
}

/** What came of a change. */
export interface Performed<Result> {
  readonly result: Result;
  /** Rows that triggers changed besides, which Autopack makes or a person allowed to run. */
  readonly furtherRows: number;
  /** What the journal of the database says of it; `null` where nothing was changed. */
  readonly entry: JournalEntry | null;
}

/** No trigger may change what a database is, or how it is protected; `level` is what the change itself set. */
function refuseChangedIdentity(
  db: WriteDatabase,
  path: string,
  before: Identity,
  level: ProtectionLevel = before.level,
): void {
  const after = identityInside(db, path);
  refuseOtherIdentity(after, { ...before, level }, path);
  if (after.level === level) return;
  throw new UserFacingError(
    'unexpected-changes',
    t`Nothing was written to ${path}: the change would set its protection to ${levelNames()[after.level]}.`,
    t`Look at the triggers of the database, then try again.`,
  );
}

/** The identity of a database under its write lock; throws `not-autopack`, or `not-adopted` without one. */
export function identityInside(
  db: WriteDatabase,
  path: string,
): { readonly id: string; readonly role: GivenRole; readonly level: ProtectionLevel } {
  const schema = TolerantSchema.read(db);
  const { id = null, role = 'unknown', level } = readIdentity(db, schema) ?? {};
  const isAutopack = schema.hasTable('runs') && schema.hasTable('phases');
  const adopted = requireAdopted({ id, role, path, isAutopack }, t`Writing`);
  return { ...adopted, level: levelOf({ role, level }) };
}

/**
 * Throws `other-database`, saying which fact differs, unless id and role are the expected ones, and `protected` where the
 * database takes more to be written than what was asked for.
 */
export function refuseOtherIdentity(found: Identity, expected: Identity, path: string): void {
  const differences: FactDifference[] = [];
  if (found.id !== expected.id) differences.push({ fact: 'id', was: expected.id, is: found.id });
  if (found.role !== expected.role) differences.push({ fact: 'role', was: expected.role, is: found.role });
  if (differences.length > 0) {
    throw new UserFacingError(
      'other-database',
      t`Nothing was written: ${path} is no longer the database that was checked (${differencesText(differences)}).`,
      t`Check the database identity, then try again.`,
    );
  }
  if (isStricter(found.level, expected.level)) throw levelRaised(path, expected.level, found.level);
}

interface Identity {
  readonly id: string;
  readonly role: string;
  readonly level: ProtectionLevel;
}
