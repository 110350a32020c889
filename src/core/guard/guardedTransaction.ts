import { TolerantSchema } from '../db/tolerantSchema.ts';
import type { DatabaseWriterPort, WriteDatabase } from '../db/writeDatabase.ts';
import { UserFacingError } from '../errors.ts';
import { type GivenRole, readIdentity } from '../identity/identityTable.ts';
import type { WriteExpectation } from './databaseMark.ts';
import { requireAdopted } from './requireWritable.ts';
import { differencesText, type FactDifference } from './verifyPin.ts';

/** A write into one certain database. */
export interface GuardedWrite {
  /** Absolute. */
  readonly path: string;
  readonly expected: WriteExpectation;
}

/**
 * Runs `work` in one transaction, if the database under that path is the expected one: file, id and role are
 * compared with the lock held, when nobody can change them any more. Throws `replaced`, `not-adopted`,
 * `other-database` with the fact that differs, and what the writer throws; nothing is written then.
 */
export function guardedTransaction<T>(
  writer: DatabaseWriterPort,
  { path, expected }: GuardedWrite,
  work: (db: WriteDatabase) => T,
  signal?: AbortSignal,
): Promise<T> {
  const guarded = (db: WriteDatabase): T => {
    refuseOtherIdentity(identityInside(db, path), expected, path);
    return work(db);
  };
  return writer.transaction(path, guarded, signal, { fileId: expected.fileId });
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
export function refuseOtherIdentity(
  found: Pick<WriteExpectation, 'id' | 'role'>,
  expected: Pick<WriteExpectation, 'id' | 'role'>,
  path: string,
): void {
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
