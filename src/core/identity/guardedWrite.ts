import { CheckedWrites } from '../db/checkedWrites.ts';
import type { DatabaseWriterPort, ExpectedFile, WriteDatabase, WriteOperation } from '../db/databasePorts.ts';
import { TolerantSchema } from '../db/tolerantSchema.ts';
import { UserFacingError } from '../errors.ts';
import type { WriteExpectation } from './databaseFingerprint.ts';
import { differencesText, type FactDifference } from './databasePin.ts';
import { readIdentity, type GivenRole } from './identityTable.ts';
import { requireAdopted } from './requireWritable.ts';

/** A write into one certain database. */
export interface GuardedWrite {
  /** Absolute. */
  readonly path: string;
  readonly expected: WriteExpectation;
}

/**
 * Makes a change in one transaction, if the database under that path is the expected one: file, id and role are
 * compared with the lock held, when nobody can change them any more. Throws `replaced`, `not-adopted`,
 * `other-database` with the fact that differs, and what the writer throws; nothing is written then.
 */
export function guardedWrite<Params, Result>(
  writer: DatabaseWriterPort,
  { path, expected }: GuardedWrite,
  operation: WriteOperation<Params, Result>,
  params: Params,
  signal?: AbortSignal,
): Promise<Result> {
  const { fileId, id, role, allowTriggers } = expected;
  return writer.perform(path, operation, params, signal, { fileId, identity: { id, role }, allowTriggers });
}

/**
 * Makes a change inside a transaction: compares the identity before and, where triggers may run, after it, and has every
 * statement checked. Throws what {@link CheckedWrites} and the operation throw.
 */
export function performChecked<Params, Result>(
  db: WriteDatabase,
  path: string,
  operation: WriteOperation<Params, Result>,
  params: Params,
  { identity, allowTriggers = false }: Partial<ExpectedFile> = {},
): Performed<Result> {
  const compare = (): void => {
    if (identity !== undefined) refuseOtherIdentity(identityInside(db, path), identity, path);
  };
  compare();
  const checked = new CheckedWrites(db, path, allowTriggers);
  const result = operation.run(checked, params, path);
  const furtherRows = checked.refuseUnagreed(operation.agreedRows?.(params));
  compare();
  return { result, furtherRows };
}

/** What came of a change. */
export interface Performed<Result> {
  readonly result: Result;
  /** Rows that triggers changed besides, which Autopack makes or a person allowed to run. */
  readonly furtherRows: number;
}

/** The identity of a database under its write lock; throws `not-autopack`, or `not-adopted` without one. */
export function identityInside(
  db: WriteDatabase,
  path: string,
): { readonly id: string; readonly role: GivenRole } {
  const schema = TolerantSchema.read(db);
  const { id = null, role = 'unknown' } = readIdentity(db, schema) ?? {};
  const isAutopack = schema.hasTable('runs') && schema.hasTable('phases');
  return requireAdopted({ id, role, path, isAutopack }, 'Writing');
}

/** Throws `other-database`, saying which fact differs, unless id and role are the expected ones. */
export function refuseOtherIdentity(found: IdAndRole, expected: IdAndRole, path: string): void {
  const differences: FactDifference[] = [];
  if (found.id !== expected.id) differences.push({ fact: 'id', was: expected.id, is: found.id });
  if (found.role !== expected.role) differences.push({ fact: 'role', was: expected.role, is: found.role });
  if (differences.length === 0) return;
  throw new UserFacingError(
    'other-database',
    `Nothing was written: ${path} is no longer the database that was checked (${differencesText(differences)}).`,
    'Check the database identity, then try again.',
  );
}

interface IdAndRole {
  readonly id: string;
  readonly role: string;
}
