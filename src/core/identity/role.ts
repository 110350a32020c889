import type { ReadDatabase } from '../db/readDatabase.ts';
import type { TolerantSchema } from '../db/tolerantSchema.ts';
import type { DatabaseRole, RoleSource } from '../model/databaseFacts.ts';
import { readIdentity } from './identityTable.ts';

/** How many runs there are in all, and how many of them were seeded to collect telemetry. */
export interface RunKinds {
  readonly total: number;
  readonly telemetryCollection: number;
}

/**
 * What a database without an identity is for, by its runs alone: one foreign run makes it a backlog, since seeding
 * or calibrating there would mix the two. The name of the file says nothing: it is what people get wrong.
 */
export function roleOfRuns({ total, telemetryCollection }: RunKinds): DatabaseRole {
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
