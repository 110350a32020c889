import type { ReadDatabase } from './readDatabase.ts';

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

/** Telemetry of newer versions that is only counted: what is read of telemetry is in the tables of the reference. */
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

/** Asking for the columns of a table takes 0.1 ms and more, so of so many tables only those are asked that may matter. */
const manyTables = 1000;
/** Those that may matter without naming a run, as a list in SQL. */
const knownTables = [...ownTables, ...tablesSinceAlembic, ...otherTelemetryTables, 'alembic_version']
  .map((table) => `'${table}'`)
  .join(', ');

/** The tables and columns a database really has, so that queries ask only for those. Names are compared in lower case. */
export class TolerantSchema {
  readonly #tables: ReadonlyMap<string, ReadonlySet<string>>;

  private constructor(tables: ReadonlyMap<string, ReadonlySet<string>>) {
    this.#tables = tables;
  }

  /** Reads the schema of a snapshot: tables only, no views, and no virtual tables, for which SQLite may lack the module. */
  static read(db: Pick<ReadDatabase, 'all'>): TolerantSchema {
    const isOfInterest = `(SELECT count(*) FROM sqlite_master) < ${manyTables} OR m.sql LIKE '%run%'
      OR m.sql LIKE '%REFERENCES%' OR lower(m.name) IN (${knownTables})`;
    return TolerantSchema.#read(db, isOfInterest);
  }

  /** The same without the tables of others, where nothing but Autopack's own is asked about: fast, however many there are. */
  static readOwn(db: Pick<ReadDatabase, 'all'>): TolerantSchema {
    return TolerantSchema.#read(db, `lower(m.name) IN (${knownTables})`);
  }

  static #read(db: Pick<ReadDatabase, 'all'>, isOfInterest: string): TolerantSchema {
    const tables = new Map<string, Set<string>>();
    const sql = `SELECT lower(m.name) AS tbl, lower(c.name) AS col
                 FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
                 WHERE m.type = 'table' AND lower(m.name) NOT IN
                   (SELECT lower(name) FROM pragma_table_list WHERE schema = 'main' AND type = 'virtual')
                   AND (${isOfInterest})`;
    for (const row of db.all(sql)) {
      const table = String(row.tbl);
      const columns = tables.get(table) ?? new Set();
      columns.add(String(row.col));
      tables.set(table, columns);
    }
    return new TolerantSchema(tables);
  }

  /** Whether there is no table at all: a new file, or one of 0 bytes. */
  get isEmpty(): boolean {
    return this.#tables.size === 0;
  }

  /** The names of all tables. */
  get tables(): string[] {
    return [...this.#tables.keys()];
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
