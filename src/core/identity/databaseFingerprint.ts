import { ColumnReader } from '../db/columnReader.ts';
import type { SqlValue } from '../db/databasePorts.ts';
import type { QueryContext } from '../db/scan/queryContext.ts';
import { autopackExpectation } from '../db/schema/autopackSchema.ts';
import { foreignSchema, type ForeignSchema } from '../db/tolerantSchema.ts';
import type { DatabaseRole, MigrationState, RoleSource } from '../model/databaseFacts.ts';
import type { ProtectionLevel } from '../model/protectionLevel.ts';
import { readRole, type GivenRole } from './identityTable.ts';
import type { LastChange } from './journalEntry.ts';
import { readLastChange, readMarks } from './journalTable.ts';
import { guardedTables } from './operation.ts';
import { schemaFacts, readMigrations, type Sha256Hex } from './schemaFacts.ts';
import { serverMarkOf, type ServerMark } from './serverMark.ts';

/** How the ids of our canary runs begin. They are ours and will go: nothing must rest on one. */
export const canaryPrefix = 'autopack-hygiene-canary-';

/** A run as a mark of its database. */
export interface FingerprintRun {
  readonly id: string;
  /** Milliseconds since the epoch; `null` if it is not known. */
  readonly createdAt: number | null;
}

/** By what a database is told from every other, read from one committed state and cheap even for a large one. */
export interface DatabaseFingerprint {
  /** Absolute and real: symbolic links resolved. */
  readonly path: string;
  /** `device:inode`. */
  readonly fileId: string;
  /** Set for a PostgreSQL database. */
  readonly server?: ServerMark | undefined;
  /** Of our identity table; `null` in a database that was not adopted. */
  readonly id: string | null;
  readonly role: DatabaseRole;
  readonly roleSource: RoleSource;
  /** `null` in a database that was not adopted. */
  readonly level: ProtectionLevel | null;
  readonly isAutopack: boolean;
  readonly schemaFingerprint: string;
  /** What Alembic has noted in it. */
  readonly migrations: MigrationState;
  /** Around the tables that Autopack and this product write. */
  readonly foreign: ForeignSchema;
  /** The oldest and the newest runs. */
  readonly sample: readonly FingerprintRun[];
  /** Those of the runs asked about that are there. */
  readonly known: readonly FingerprintRun[];
  /** The last change that this product made. */
  readonly lastChange: LastChange;
  /** The marks of the changes asked about, by serial; those that are not there, or no longer, are left out. */
  readonly marks: ReadonlyMap<number, string>;
}

/** Which runs a mark should say are there, besides its sample. */
export interface FingerprintRequest {
  readonly runIds: readonly string[];
  /** And which changes. */
  readonly serials?: readonly number[];
}

/** What a write rests on: the database as it was when somebody decided. Compared again with the lock held. */
export interface WriteExpectation {
  readonly id: string;
  readonly role: GivenRole;
  /** What was asked for rests on it: a stricter one by now refuses. */
  readonly level: ProtectionLevel;
  /** `device:inode`. */
  readonly fileId: string;
  /** Whether triggers that Autopack does not make may run, on a person's word. */
  readonly allowTriggers?: boolean | undefined;
}

/** How many of the oldest and of the newest runs mark a database. */
const sampleSize = 10;

/** By what a database is told from others. Reads its runs at most, never phases or events. */
export function databaseFingerprint(
  context: QueryContext,
  { runIds, serials = [] }: FingerprintRequest,
  sha256Hex: Sha256Hex,
): DatabaseFingerprint {
  const { db, schema, file } = context;
  const oldest = runsBy(context, `ORDER BY created_at, id LIMIT ${sampleSize}`);
  const newest = runsBy(context, `ORDER BY created_at DESC, id DESC LIMIT ${sampleSize}`);
  const sample = new Map([...oldest, ...newest.toReversed()].map((run) => [run.id, run]));
  return {
    path: file.path,
    fileId: file.fileId,
    ...(file.server === undefined ? {} : { server: serverMarkOf(file.server) }),
    ...readRole(db, schema),
    isAutopack: schema.hasTable('runs') && schema.hasTable('phases'),
    schemaFingerprint: schemaFacts(schema, autopackExpectation, sha256Hex).fingerprint,
    migrations: readMigrations(db, schema),
    foreign: foreignSchema(db, guardedTables),
    sample: [...sample.values()],
    known: runIds.length === 0 ? [] : runsBy(context, `WHERE id IN (${marks(runIds)})`, runIds),
    lastChange: readLastChange(db),
    marks: readMarks(db, serials),
  };
}

function runsBy(
  { db, schema, warnings }: QueryContext,
  which: string,
  params: readonly SqlValue[] = [],
): FingerprintRun[] {
  if (!schema.hasColumn('runs', 'id')) return [];
  const columns = schema.select('runs', ['id', 'created_at']);
  // The inner query names the columns, so that one which is missing can still be sorted by.
  // A canary run is ours and will go; nothing must rest on it.
  const sql = `SELECT * FROM (SELECT ${columns} FROM runs WHERE id NOT LIKE '${canaryPrefix}%') ${which}`;
  return db.all(sql, params).flatMap((row) => {
    const reader = new ColumnReader('runs', row, warnings);
    const id = reader.text('id');
    return id === null ? [] : [{ id, createdAt: reader.time('created_at') }];
  });
}

function marks(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}
