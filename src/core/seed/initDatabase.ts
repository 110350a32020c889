import type { DatabaseWriterPort } from '../db/writeDatabase.ts';
import { createIdentity, type DatabaseIdentity } from '../identity/identityTable.ts';
import { referenceSchemaStatements, referenceTables } from './referenceSchema.ts';

/** What is to be made: an id (a random UUID), a role, and the time in ms since the epoch. */
export type NewDatabase = DatabaseIdentity & { readonly createdAt: number };

/** What was made, and what to do with it. */
export interface InitResult {
  readonly path: string;
  readonly id: string;
  readonly role: NewDatabase['role'];
  readonly tables: readonly string[];
  readonly nextStep: string;
}

/**
 * Makes an empty database of the reference's schema, with an identity, in one transaction.
 * Throws `exists` if there is any file at the path, `not-found` without its folder, and what {@link DatabaseWriterPort} throws.
 */
export async function initDatabase(
  writer: DatabaseWriterPort,
  path: string,
  identity: NewDatabase,
  signal?: AbortSignal,
): Promise<InitResult> {
  const create: Parameters<DatabaseWriterPort['create']>[1] = (db) => {
    for (const statement of referenceSchemaStatements()) db.run(statement);
    createIdentity(db, identity);
  };
  await writer.create(path, create, signal);
  return {
    path,
    id: identity.id,
    role: identity.role,
    tables: referenceTables.map((table) => table.name),
    nextStep:
      identity.role === 'seed'
        ? 'Seed a telemetry run into it.'
        : 'Let the reference system write its backlog into it.',
  };
}
