import type { ReadDatabase, WriteDatabase } from '../db/databasePorts.ts';
import type { TolerantSchema } from '../db/tolerantSchema.ts';
import type { DatabaseRole, RoleSource } from '../model/databaseFacts.ts';
import { formatStoredTimestamp, parseTimestamp } from '../model/timestamp.ts';

/** A role a database can be given; `unknown` is the lack of one. */
export type GivenRole = Exclude<DatabaseRole, 'unknown'>;

/** What a database says it is, in a table of our own that Autopack never reads. */
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

/** How many runs there are in all, and how many of them were seeded to collect telemetry. */
export interface RunKinds {
  readonly total: number;
  readonly telemetryCollection: number;
}

/**
 * What a database without an identity is for, by its runs alone: one foreign run makes it a backlog, since seeding
 * or calibrating there would mix the two. The name of the file says nothing: it is what people get wrong.
 */
function roleOfRuns({ total, telemetryCollection }: RunKinds): DatabaseRole {
  if (total === 0) return 'unknown';
  return telemetryCollection === total ? 'seed' : 'legacy';
}

/** What a database says it is, and where that comes from. */
export interface KnownRole {
  /** `null` in a database that was not adopted. */
  readonly id: string | null;
  readonly role: DatabaseRole;
  readonly roleSource: RoleSource;
}

/** What a database is for: what its identity says, otherwise what its runs say. */
export function readRole(db: Pick<ReadDatabase, 'all'>, schema: TolerantSchema): KnownRole {
  const identity = readIdentity(db, schema);
  if (identity !== null) return { id: identity.id, role: identity.role, roleSource: 'identity-table' };
  const role = roleOfRuns(readRunKinds(db, schema));
  return { id: null, role, roleSource: role === 'unknown' ? 'none' : 'content' };
}

function readRunKinds(db: Pick<ReadDatabase, 'all'>, schema: TolerantSchema): RunKinds {
  if (!schema.hasColumn('runs', 'id')) return { total: 0, telemetryCollection: 0 };
  const [row] = db.all(
    `SELECT count(*) AS total, count(*) FILTER (WHERE id LIKE 'telemetry-collection-%') AS telemetry FROM runs`,
  );
  return { total: Number(row?.total ?? 0), telemetryCollection: Number(row?.telemetry ?? 0) };
}
