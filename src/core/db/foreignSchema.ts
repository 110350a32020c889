import { type ForeignTrigger, isKnownTrigger } from './checkedWrites.ts';
import { isOrdinary } from './filledTables.ts';
import type { ReadDatabase } from './readDatabase.ts';

/** What others put into the schema that a write has to do with. */
export interface ForeignSchema {
  /** Triggers on the tables asked about, without those that the reference system makes; at most a hundred. */
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
