import { quoted } from '../db/foreignKeys.ts';
import type { QueryContext } from '../db/scan/queryContext.ts';
import { SqlError } from '../db/sqlJs/sqlJsDatabase.ts';
import { readRole } from '../identity/identityTable.ts';

/** What a backup holds, for a person to decide on before it is restored. */
export interface BackupContent {
  /** Of our identity table; `null` in a backup from before the adoption. */
  readonly id: string | null;
  /** `null` without the table. */
  readonly runs: number | null;
  readonly phases: number | null;
  /** Whether SQLite finds every page of it in order. */
  readonly isWhole: boolean;
}

/** Looks into a backup, whole: it reads every page. */
export function backupContent({ db, schema }: QueryContext): BackupContent {
  const count = (table: string): number | null =>
    schema.hasTable(table) ? Number(db.all(`SELECT count(*) AS n FROM ${table}`)[0]?.n) : null;
  return {
    id: readRole(db, schema).id,
    runs: count('runs'),
    phases: count('phases'),
    isWhole: isWhole(db),
  };
}

/** What SQLite lacks to look at a table: a function, a collation or a module of the program that made it. */
const lacking = /no such (module|collation sequence|function)|unknown function/;

/**
 * Whether every page is in order. Where SQLite lacks what some table is defined with, the tables are looked at one by
 * one, and what it cannot compare in them is read instead: that says as much of the file, and no table of somebody's
 * makes it damaged.
 */
function isWhole(db: QueryContext['db']): boolean {
  const check = (table?: string): boolean => {
    const of = table === undefined ? '1' : quoted(table);
    return db.all(`PRAGMA quick_check(${of})`)[0]?.quick_check === 'ok';
  };
  const isLacking = (error: unknown): boolean => error instanceof SqlError && lacking.test(error.message);
  try {
    return check();
  } catch (error) {
    if (!isLacking(error)) throw error;
  }
  const tables = db.all(`SELECT name FROM pragma_table_list WHERE schema = 'main' AND type <> 'view'
                         AND type <> 'virtual' AND name NOT LIKE 'sqlite_%'`);
  return tables.every(({ name }) => {
    try {
      return check(String(name));
    } catch (error) {
      if (!isLacking(error)) throw error;
      db.all(`SELECT count(*) FROM ${quoted(String(name))} NOT INDEXED`);
      return true;
    }
  });
}
