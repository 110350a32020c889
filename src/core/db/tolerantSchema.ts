import { isKnownTrigger, type ForeignTrigger } from './checkedWrites.ts';
import type { ReadDatabase } from './databasePorts.ts';
import { isOrdinary } from './filledTables.ts';

/** The tables that Autopack and this product make, without which there is nothing to read; in lower case. */
export const ownTables: ReadonlySet<string> = new Set([
  'runs',
  'tiers',
  'phases',
  'token_estimation_v2_events',
  'token_budget_escalation_events',
  'llm_usage_events',
  'phase_outcome_events',
  'autopack_hygiene_identity',
  'autopack_hygiene_approvals',
  'autopack_hygiene_journal',
]);

/** Tables that only versions of Autopack with Alembic have; those of December 2025 have none of them. */
export const tablesSinceAlembic: readonly string[] = [
  'anomaly_alert_events',
  'causal_analysis_records',
  'doctor_outcome_events',
  'execution_checkpoints',
  'gap_blocker_events',
  'gap_detections',
  'gap_remediations',
  'generated_tasks',
  'insight_path_events',
  'learned_rules',
  'policy_promotions',
  'risk_gating_events',
  'task_completion_events',
  'task_generation_events',
];

/** Telemetry of newer versions that is only counted: what is read of telemetry is in the tables of Autopack. */
export const otherTelemetryTables: readonly string[] = [
  'phase_outcome_events',
  'token_efficiency_metrics',
  'phase6_metrics',
  'sot_retrieval_events',
  'doctor_outcome_events',
  'task_generation_events',
  'task_completion_events',
  'anomaly_alert_events',
  'gap_blocker_events',
  'risk_gating_events',
  'insight_path_events',
];

/** The tables that queries ask about by name. */
export const knownTables: ReadonlySet<string> = new Set([
  ...ownTables,
  ...tablesSinceAlembic,
  ...otherTelemetryTables,
  'alembic_version',
]);
/** As a list in SQL. */
const knownInSql = [...knownTables].map((table) => `'${table}'`).join(', ');

/** Where the replica of a PostgreSQL database keeps what it is a replica of: no table of the database. */
export const replicaStateTable = 'autopack_hygiene_replica_state';

/**
 * The tables of Autopack and the columns that a database really has, so that queries ask only for those. Names are compared
 * in lower case. The tables of others are not looked at: there may be many thousands.
 */
export class TolerantSchema {
  /** Whether there is no table at all: a new file, or one of 0 bytes. */
  readonly isEmpty: boolean;
  readonly #tables: ReadonlyMap<string, ReadonlySet<string>>;

  private constructor(tables: ReadonlyMap<string, ReadonlySet<string>>, isEmpty: boolean) {
    this.#tables = tables;
    this.isEmpty = isEmpty;
  }

  /** Reads the schema of a snapshot: tables only, no views, and no virtual tables. */
  static read(db: Pick<ReadDatabase, 'all'>): TolerantSchema {
    const tables = new Map<string, Set<string>>();
    const sql = `SELECT lower(m.name) AS tbl, lower(c.name) AS col
                 FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
                 WHERE m.type = 'table' AND lower(m.name) IN (${knownInSql}) AND ${isOrdinary}`;
    for (const row of db.all(sql)) {
      const table = String(row.tbl);
      const columns = tables.get(table) ?? new Set();
      columns.add(String(row.col));
      tables.set(table, columns);
    }
    const isEmpty =
      tables.size === 0 &&
      db.all(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name <> '${replicaStateTable}' LIMIT 1`)
        .length === 0;
    return new TolerantSchema(tables, isEmpty);
  }

  hasTable(table: string): boolean {
    return this.#tables.has(table);
  }

  hasColumn(table: string, column: string): boolean {
    return this.#tables.get(table)?.has(column) ?? false;
  }

  /** The names of a table's columns, sorted; empty without the table. */
  columnsOf(table: string): string[] {
    return [...(this.#tables.get(table) ?? [])].sort();
  }

  /** A column list for SELECT in which missing columns read as NULL, so that every query gets the names it expects. */
  select(table: string, columns: readonly string[]): string {
    return columns
      .map((column) => (this.hasColumn(table, column) ? `"${column}" AS "${column}"` : `NULL AS "${column}"`))
      .join(', ');
  }
}

/** What others put into the schema that a write has to do with. */
export interface ForeignSchema {
  /** Triggers on the tables asked about, without those that Autopack makes; at most a hundred. */
  readonly triggers: readonly ForeignTrigger[];
  /** Those of the tables that are a view or a virtual table instead. */
  readonly notTables: readonly string[];
}

/** Looks at the schema around some tables, whose names are in lower case. */
export function foreignSchema(db: Pick<ReadDatabase, 'all'>, tables: readonly string[]): ForeignSchema {
  const marks = tables.map(() => '?').join(', ');
  const triggers = db.all(
    `SELECT name, lower(tbl_name) AS tbl, sql FROM sqlite_master
     WHERE type = 'trigger' AND lower(tbl_name) IN (${marks}) ORDER BY tbl, name LIMIT 100`,
    tables,
  );
  const others = db.all(
    `SELECT lower(name) AS name FROM sqlite_master AS m
     WHERE lower(name) IN (${marks}) AND (type = 'view' OR (type = 'table' AND NOT ${isOrdinary})) ORDER BY 1`,
    tables,
  );
  return {
    triggers: triggers
      .map(({ name, tbl, sql }) => ({ name: String(name), table: String(tbl), sql: sql ?? null }))
      .filter(({ name, sql }) => !isKnownTrigger(name, sql))
      .map(({ name, table }) => ({ name, table })),
    notTables: others.map(({ name }) => String(name)),
  };
}
