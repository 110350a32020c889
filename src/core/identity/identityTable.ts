import type { ReadDatabase } from '../db/readDatabase.ts';
import type { TolerantSchema } from '../db/tolerantSchema.ts';
import type { WriteDatabase } from '../db/writeDatabase.ts';
import type { DatabaseRole } from '../model/databaseFacts.ts';
import { formatStoredTimestamp, parseTimestamp } from '../model/timestamp.ts';

/** A role a database can be given; `unknown` is the lack of one. */
export type GivenRole = Exclude<DatabaseRole, 'unknown'>;

/** What a database says it is, in a table of our own that the reference system never reads. */
export interface DatabaseIdentity {
  /** A random UUID, which a copy of the file shares. */
  readonly id: string;
  readonly role: GivenRole;
  /** Milliseconds since the epoch; `null` if it cannot be read. */
  readonly createdAt: number | null;
}

/** The name of our own table. */
export const identityTableName = 'autopack_hygiene_identity';
const table = identityTableName;

/** The check keeps the table at one row: a database with two identities would have none. */
const createTable = `CREATE TABLE ${table} (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  id TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('seed', 'legacy')),
  created_at TEXT NOT NULL
)`;

/** Makes the identity table with its one row. `createdAt` is in ms since the epoch. */
export function createIdentity(
  db: WriteDatabase,
  identity: DatabaseIdentity & { readonly createdAt: number },
): void {
  db.run(createTable);
  db.run(
    `INSERT INTO ${table} (id, role, created_at) VALUES (?, ?, ?)`,
    [identity.id, identity.role, formatStoredTimestamp(identity.createdAt)],
    1,
  );
}

/** Takes the identity away, so that another can be given. Does nothing without one. */
export function dropIdentity(db: WriteDatabase): void {
  db.run(`DROP TABLE IF EXISTS ${table}`);
}

/** Reads the identity; `null` in a database that was given none, or whose identity makes no sense. */
export function readIdentity(db: Pick<ReadDatabase, 'all'>, schema: TolerantSchema): DatabaseIdentity | null {
  if (!schema.hasTable(table)) return null;
  const [row, another] = db.all(
    `SELECT ${schema.select(table, ['id', 'role', 'created_at'])} FROM ${table} LIMIT 2`,
  );
  if (row === undefined || another !== undefined) return null;
  const { id, role, created_at: created } = row;
  if (typeof id !== 'string' || id === '' || (role !== 'seed' && role !== 'legacy')) return null;
  return { id, role, createdAt: typeof created === 'string' ? parseTimestamp(created) : null };
}
