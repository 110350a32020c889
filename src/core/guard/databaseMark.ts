import type { ForeignSchema } from '../db/foreignSchema.ts';
import type { GivenRole } from '../identity/identityTable.ts';
import type { DatabaseRole, MigrationState, RoleSource } from '../model/databaseFacts.ts';

/** How the ids of our canary runs begin. They are ours and will go: nothing must rest on one. */
export const canaryPrefix = 'autopack-hygiene-canary-';

/** A run as a mark of its database. */
export interface RunMark {
  readonly id: string;
  /** Milliseconds since the epoch; `null` if it is not known. */
  readonly createdAt: number | null;
}

/** By what a database is told from every other, read from one committed state and cheap even for a large one. */
export interface DatabaseMark {
  /** Absolute and real: symbolic links resolved. */
  readonly path: string;
  /** `device:inode`. */
  readonly fileId: string;
  /** Of our identity table; `null` in a database that was not adopted. */
  readonly id: string | null;
  readonly role: DatabaseRole;
  readonly roleSource: RoleSource;
  readonly isAutopack: boolean;
  readonly schemaFingerprint: string;
  /** What Alembic has noted in it. */
  readonly migrations: MigrationState;
  /** Around the tables that Autopack and this product write. */
  readonly foreign: ForeignSchema;
  /** The oldest and the newest runs. */
  readonly sample: readonly RunMark[];
  /** Those of the runs asked about that are there. */
  readonly known: readonly RunMark[];
}

/** Which runs a mark should say are there, besides its sample. */
export interface MarkQuestion {
  readonly runIds: readonly string[];
}

/** What a write rests on: the database as it was when somebody decided. Compared again with the lock held. */
export interface WriteExpectation {
  readonly id: string;
  readonly role: GivenRole;
  /** `device:inode`. */
  readonly fileId: string;
  /** Whether triggers that Autopack does not make may run, on a person's word. */
  readonly allowTriggers?: boolean | undefined;
}
