import type { ProtectionLevel } from './protectionLevel.ts';
import type { StateCounts } from './state.ts';

/** What a database is for; `unknown` until its content or its identity table tells. */
export type DatabaseRole = 'seed' | 'legacy' | 'unknown';

/** Where a role comes from: our identity table, the runs that are there, or nowhere. */
export type RoleSource = 'identity-table' | 'content' | 'none';

/**
 * SQLite's journal mode as `PRAGMA journal_mode` of a fresh connection gives it: the file itself knows only WAL from
 * not WAL, and without WAL a connection starts in `delete`. `server` where a PostgreSQL server does it.
 */
export type JournalMode = 'wal' | 'delete' | 'server';

/** Row counts; `null` where the table is missing. */
export interface TableCounts {
  readonly runs: number | null;
  readonly phases: number | null;
  readonly llmUsageEvents: number | null;
  readonly tokenEstimationEvents: number | null;
  readonly tokenBudgetEscalationEvents: number | null;
}

/** Telemetry at a glance; the two breakdowns count successful samples only. */
export interface TelemetryCounts {
  readonly total: number;
  readonly success: number;
  readonly truncated: number;
  readonly byCategory: Readonly<Record<string, number>>;
  readonly byComplexity: Readonly<Record<string, number>>;
}

/** How the schema compares with Autopack's. */
export interface SchemaFacts {
  /** First 16 hex digits of the SHA-256 of the tables we use and their columns. */
  readonly fingerprint: string;
  readonly missingTables: readonly string[];
  /** As `table.column`. */
  readonly missingColumns: readonly string[];
}

/**
 * What Alembic has noted: the version the schema is at (several, where heads were not merged), an empty table, a newer
 * schema that was made without it, or an older one that knows nothing of it.
 */
export interface MigrationState {
  readonly state: 'at-version' | 'no-version' | 'without-migrations' | 'older-schema';
  readonly versions: readonly string[];
}

/** Something about the database a person should know before working on it. */
export interface IdentityWarning {
  readonly code:
    | 'not-autopack'
    | 'empty'
    | 'no-phases'
    | 'no-telemetry-table'
    | 'missing-columns'
    | 'orphan-events'
    | 'unknown-role'
    | 'unknown-state'
    | 'decode';
  readonly message: string;
}

/** What the content of a database says about it, from one snapshot. */
export interface DatabaseContent {
  /** Of our identity table; `null` in a database that was not adopted. */
  readonly id: string | null;
  readonly role: DatabaseRole;
  readonly roleSource: RoleSource;
  /** `null` in a database that was not adopted, and is not written before. */
  readonly level: ProtectionLevel | null;
  readonly counts: TableCounts;
  /** Every state present, upper case, with its count; empty without a `phases` table. */
  readonly phaseStates: StateCounts;
  readonly telemetry: TelemetryCounts | null;
  /** Rows of further telemetry tables, which newer versions of Autopack have, by table; absent ones are left out. */
  readonly otherTelemetry: Readonly<Record<string, number>>;
  readonly schema: SchemaFacts;
  readonly migrations: MigrationState;
  readonly warnings: readonly IdentityWarning[];
}

/** What a PostgreSQL server says of itself and of the connection. */
export interface PostgresServer {
  /** As `SHOW server_version` tells: `15.18`. */
  readonly version: string;
  /**
   * Made by initdb, and shared by replicas and by copies of the whole data folder. Digits; where the server does not tell it,
   * a `~` and digits that stand for the address and the database instead.
   */
  readonly systemIdentifier: string;
  /** Of the database, which keeps it when it is renamed. Digits. */
  readonly databaseOid: string;
  /** Grows when a replica is promoted. */
  readonly timeline: number | null;
  /** As the server tells; `null` behind a Unix socket. */
  readonly address: string | null;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** Whether it replays what another server does, and takes no writes. */
  readonly isReplica: boolean;
  /** Whether the user may change the rows of Autopack's tables. */
  readonly mayWrite: boolean;
  /** Whether something such as PgBouncer stands in between: another process of the server may answer each transaction. */
  readonly isPooled: boolean;
  readonly encryption: 'none' | 'encrypted' | 'verified';
  /** In force, as libpq understands it. */
  readonly sslMode: string;
}

/** What the file system and the header, or the server, say about a database. */
export interface DatabaseFile {
  /** Absolute and real: symbolic links resolved. Of a PostgreSQL database its URL, see `PostgresLocation`, without parameters. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
  readonly journalMode: JournalMode;
  /** `device:inode`, which changes when the file is replaced by another; of a PostgreSQL database `system identifier:oid`. */
  readonly fileId: string;
  /** Set for a PostgreSQL database. */
  readonly server?: PostgresServer;
}

/** The whole identity of a database: the file and its content. */
export interface DatabaseFacts extends DatabaseFile, DatabaseContent {}
