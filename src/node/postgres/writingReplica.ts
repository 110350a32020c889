import { DatabaseSync, type Session } from 'node:sqlite';
import type { NeededRows, Row, SqlValue, WriteDatabase } from '../../core/db/databasePorts.ts';
import { quoted } from '../../core/db/foreignKeys.ts';
import { identityTableName } from '../../core/identity/identityTable.ts';
import { allRows, asBound, runStatement } from '../system/sqliteStatements.ts';
import { readCatalog } from './catalog.ts';
import { parseChangeset, type ChangedValue, type RowChange, type TableChanges } from './changeset.ts';
import type { PostgresConnection } from './connection.ts';
import { wantedRows, type WantedRows } from './neededRows.ts';
import { replicaStatements } from './replicaSchema.ts';
import { eachRow } from './syncRows.ts';

/**
 * The rows that one change rests on, at the snapshot of a server's transaction, in a SQLite database in memory: an operation
 * changes them as it would a file, and what it changed is read as a changeset.
 */
export class WritingReplica implements WriteDatabase {
  readonly #database: DatabaseSync;
  readonly #identityBefore: Row | null;
  readonly #session: Session;

  private constructor(database: DatabaseSync) {
    this.#database = database;
    this.#identityBefore = this.#identity();
    this.#session = database.createSession();
  }

  /** Reads the rows inside the transaction of the connection. Throws what the server throws. */
  static async load(connection: PostgresConnection, needed: NeededRows | undefined): Promise<WritingReplica> {
    const catalog = await readCatalog(connection);
    const database = new DatabaseSync(':memory:', { enableForeignKeyConstraints: false });
    try {
      database.exec('BEGIN');
      for (const statement of replicaStatements(catalog)) database.exec(statement);
      for (const each of wantedRows(catalog.tables, needed)) await copyRows(connection, database, each);
      database.exec('COMMIT');
      return new WritingReplica(database);
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /** Begins a transaction in which SQLite holds to foreign keys, or does not; that cannot be changed within one. */
  begin(enforcesKeys: boolean): void {
    this.#database.exec(`PRAGMA foreign_keys = ${enforcesKeys ? 'ON' : 'OFF'}; BEGIN`);
  }

  all(sql: string, params: readonly SqlValue[] = []): Row[] {
    return allRows(this.#database, sql, params);
  }

  run(sql: string, params: readonly SqlValue[] = [], expectedRows?: number): number {
    return runStatement(this.#database, sql, params, expectedRows);
  }

  /** What was changed since it was loaded. */
  changes(): TableChanges[] {
    const found = parseChangeset(this.#session.changeset()).filter(
      ({ table, rows }) => table !== identityTableName && rows.length > 0,
    );
    return [...this.#identityChange(), ...found];
  }

  /** The columns of a table, in their order. */
  columnsOf(table: string): string[] {
    return this.all('SELECT name FROM pragma_table_info(?)', [table]).map(({ name }) => String(name));
  }

  close(): void {
    this.#database.close();
  }

  /** The table may have been made anew with other columns, in which a session gets lost. */
  #identityChange(): TableChanges[] {
    const [before, after] = [this.#identityBefore, this.#identity()];
    if (before === null && after === null) return [];
    const columns = this.columnsOf(identityTableName);
    const valuesOf = (row: Row | null): ChangedValue[] => columns.map((name) => row?.[name] ?? null);
    const [old, values] = [valuesOf(before), valuesOf(after)];
    if (before !== null && after !== null && old.every((value, at) => value === values[at])) return [];
    const rows: RowChange[] = [];
    const key = columns.map((name) => (name === 'only_row' ? 1 : 0));
    if (before === null) rows.push({ kind: 'insert', isIndirect: false, old: [], new: values });
    else if (after === null) rows.push({ kind: 'delete', isIndirect: false, old, new: [] });
    else {
      const changed = (at: number): boolean => old[at] !== values[at];
      rows.push({
        kind: 'update',
        isIndirect: false,
        old: old.map((value, at) => (key[at] === 1 || changed(at) ? value : undefined)),
        new: values.map((value, at) => (changed(at) ? value : undefined)),
      });
    }
    return [{ table: identityTableName, primaryKey: key, rows }];
  }

  #identity(): Row | null {
    if (this.columnsOf(identityTableName).length === 0) return null;
    return this.all(`SELECT * FROM ${identityTableName}`)[0] ?? null;
  }
}

async function copyRows(
  connection: PostgresConnection,
  database: DatabaseSync,
  { table, which }: WantedRows,
): Promise<void> {
  const { columns, name } = table;
  const marks = columns.map(() => '?').join(', ');
  const names = columns.map((column) => quoted(column.name)).join(', ');
  const insert = database.prepare(`INSERT INTO ${quoted(name)} (${names}) VALUES (${marks})`);
  await eachRow(connection, table, which, (values) => insert.run(...values.map(asBound)));
}
