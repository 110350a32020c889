import type { ReadDatabase, WriteDatabase } from '../db/databasePorts.ts';
import type { TolerantSchema } from '../db/tolerantSchema.ts';
import type { DatabaseRole, RoleSource } from '../model/databaseFacts.ts';
import { parseLevel, protectionLevels, type ProtectionLevel } from '../model/protectionLevel.ts';
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
  /** As it was set; without one, that of the role holds, see {@link defaultLevels}. */
  readonly level?: ProtectionLevel | undefined;
}

/** How protected a database is of which nobody said otherwise: a backlog cannot be made again. */
export const defaultLevels: Readonly<Record<GivenRole, ProtectionLevel>> = { seed: 'ask', legacy: 'confirm' };

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

/** Databases of older versions lack it, and get it with the first level that is not that of their role. */
const addLevel = `ALTER TABLE ${table} ADD COLUMN level TEXT
  CHECK (level IN (${protectionLevels.map((level) => `'${level}'`).join(', ')}))`;

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
  const { level, role } = identity;
  if (level !== undefined && level !== defaultLevels[role]) {
    db.run(addLevel);
    db.run(`UPDATE ${table} SET level = ?`, [level], 1);
  }
}

/** Sets the protection of a database with an identity. */
export function writeLevel(
  db: WriteDatabase,
  schema: TolerantSchema,
  { role }: Pick<DatabaseIdentity, 'role'>,
  level: ProtectionLevel,
): void {
  const isDefault = level === defaultLevels[role];
  if (!schema.hasColumn(table, 'level')) {
    if (isDefault) return;
    db.run(addLevel);
  }
  db.run(`UPDATE ${table} SET level = ?`, [isDefault ? null : level], 1);
}

/** Takes the identity away, so that another can be given. Does nothing without one. */
export function dropIdentity(db: WriteDatabase): void {
  db.run(`DROP TABLE IF EXISTS ${table}`);
}

/** Reads the identity; `null` in a database that was given none, or whose identity makes no sense. */
export function readIdentity(db: Pick<ReadDatabase, 'all'>, schema: TolerantSchema): DatabaseIdentity | null {
  if (!schema.hasTable(table)) return null;
  const [row, another] = db.all(
    `SELECT ${schema.select(table, ['id', 'role', 'created_at', 'level'])} FROM ${table} LIMIT 2`,
  );
  if (row === undefined || another !== undefined) return null;
  const { id, role, created_at: created, level } = row;
  if (typeof id !== 'string' || id === '' || (role !== 'seed' && role !== 'legacy')) return null;
  return {
    id,
    role,
    createdAt: typeof created === 'string' ? parseTimestamp(created) : null,
    level: level === null || level === undefined ? undefined : parseLevel(String(level)),
  };
}

/** How protected a database is: as was set, or by its role; one that nobody adopted yet is what its runs say. */
export function levelOf({
  role,
  level,
}: {
  readonly role: DatabaseRole;
  readonly level?: ProtectionLevel | null | undefined;
}): ProtectionLevel {
  return level ?? (role === 'unknown' ? 'ask' : defaultLevels[role]);
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
  /** `null` in a database that was not adopted. */
  readonly level: ProtectionLevel | null;
}

/** What a database is for: what its identity says, otherwise what its runs say. */
export function readRole(db: Pick<ReadDatabase, 'all'>, schema: TolerantSchema): KnownRole {
  const identity = readIdentity(db, schema);
  if (identity !== null) {
    const { id, role } = identity;
    return { id, role, roleSource: 'identity-table', level: levelOf(identity) };
  }
  const role = roleOfRuns(readRunKinds(db, schema));
  return { id: null, role, roleSource: role === 'unknown' ? 'none' : 'content', level: null };
}

function readRunKinds(db: Pick<ReadDatabase, 'all'>, schema: TolerantSchema): RunKinds {
  if (!schema.hasColumn('runs', 'id')) return { total: 0, telemetryCollection: 0 };
  const [row] = db.all(
    `SELECT count(*) AS total, count(*) FILTER (WHERE id LIKE 'telemetry-collection-%') AS telemetry FROM runs`,
  );
  return { total: Number(row?.total ?? 0), telemetryCollection: Number(row?.telemetry ?? 0) };
}
