import { quoted } from '../../core/db/foreignKeys.ts';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { counted } from '../../core/text/quantities.ts';
import type { PostgresConnection } from './connection.ts';
import {
  type Expected,
  type ServerChanges,
  type ServerRow,
  type Texts,
  parentsFirst,
} from './serverChanges.ts';
import { isSameText, isSameValue } from './serverValue.ts';
import type { ServerColumn, ServerTable } from './serverTables.ts';

/** A row as it was and as it is, for the way back: whole where it was deleted or inserted, otherwise what was changed. */
export interface AppliedRow {
  /** As SQLite calls it. */
  readonly table: string;
  readonly key: Texts;
  /** `null` where the row was not there. */
  readonly before: Texts | null;
  /** `null` where the row is no longer there. */
  readonly after: Texts | null;
}

/** A row is not as the replica has it: somebody changed it meanwhile, or the replica lags behind. */
export class RowChangedError extends Error {
  readonly table: string;

  constructor(table: string) {
    super(`A row of ${table} is not as expected.`);
    this.table = table;
  }
}

/** Rows sent with one statement. */
const batchSize = 1000;

/**
 * Makes changes inside the transaction of a connection: insertions from parents to children, then updates, then deletions
 * from children to parents. Every row is locked and compared first, and every statement must change just its rows: throws
 * {@link RowChangedError} otherwise, `held` where the server would change rows of other tables with deleted ones,
 * `unexpected-changes` where what is there afterwards is not what was to be, and what the server throws.
 */
export async function applyChanges(
  connection: PostgresConnection,
  changes: readonly ServerChanges[],
  { path, allowTriggers }: { readonly path: string; readonly allowTriggers: boolean },
): Promise<AppliedRow[]> {
  const ordered = parentsFirst(changes);
  const applied: AppliedRow[] = [];
  const run = async (kind: ServerRow['kind'], some: readonly ServerChanges[]): Promise<void> => {
    for (const { table, rows } of some) {
      const statements = new TableStatements(connection, table, path, allowTriggers);
      const ofKind = rows.filter((row) => row.kind === kind);
      for (const group of groups(ofKind, table)) {
        for (let first = 0; first < group.length; first += batchSize) {
          applied.push(...(await statements[kind](group.slice(first, first + batchSize))));
        }
      }
    }
  };
  await run('insert', ordered);
  await run('update', ordered);
  await run('delete', ordered.toReversed());
  return applied;
}

/** Rows that one statement can change: those that set the same columns. */
function groups(rows: readonly ServerRow[], table: ServerTable): readonly (readonly ServerRow[])[] {
  const bySet = new Map<string, ServerRow[]>();
  for (const row of rows) {
    const name = JSON.stringify(setColumns(row, table));
    const group = bySet.get(name);
    if (group === undefined) bySet.set(name, [row]);
    else group.push(row);
  }
  return [...bySet.values()];
}

/**
 * The columns that a row gets values for. What it lacks, and the server has a default for where it must be something, is
 * left to it.
 */
function setColumns({ kind, after }: ServerRow, { columns }: ServerTable): string[] {
  const isLeft = ({ name, isNotNull, hasDefault }: ServerColumn): boolean =>
    kind === 'insert' && isNotNull && hasDefault && after[name] === null;
  return columns.filter((column) => column.name in after && !isLeft(column)).map(({ name }) => name);
}

/** The statements of one table. */
class TableStatements {
  readonly #connection: PostgresConnection;
  readonly #table: ServerTable;
  readonly #path: string;
  readonly #allowTriggers: boolean;
  readonly #columns: ReadonlyMap<string, ServerColumn>;

  constructor(connection: PostgresConnection, table: ServerTable, path: string, allowTriggers: boolean) {
    this.#connection = connection;
    this.#table = table;
    this.#path = path;
    this.#allowTriggers = allowTriggers;
    this.#columns = new Map(table.columns.map((column) => [column.name, column]));
  }

  async insert(rows: readonly ServerRow[]): Promise<AppliedRow[]> {
    const [first] = rows;
    if (first === undefined) return [];
    const names = setColumns(first, this.#table);
    const given = names.map((name, at) => `u.c${at}::${this.#type(name)}`);
    const sql = `INSERT INTO ${this.#table.sql} AS t (${names.map(quoted).join(', ')}) OVERRIDING SYSTEM VALUE
      SELECT ${given.join(', ')} FROM ${recordset('c', names.length)} RETURNING ${this.#all()}`;
    const data = rows.map(({ after }) =>
      fields(
        'c',
        names.map((name) => after[name] ?? null),
      ),
    );
    const found = await this.#byKey(sql, data);
    return rows.map((row) => {
      const after = this.#of(found, row.key);
      this.#refuseOther(after, row, names);
      return { table: this.#table.name, key: row.key, before: null, after };
    });
  }

  async update(rows: readonly ServerRow[]): Promise<AppliedRow[]> {
    const [first] = rows;
    if (first === undefined) return [];
    const names = setColumns(first, this.#table);
    if (names.length === 0) return [];
    const before = await this.#locked(rows, 'NO KEY UPDATE');
    const { primaryKey } = this.#table;
    const set = names.map((name, at) => `${quoted(name)} = u.c${at}::${this.#type(name)}`);
    const sql = `UPDATE ${this.#table.sql} AS t SET ${set.join(', ')}
      FROM ${recordset('c', names.length, 'k', primaryKey.length)} WHERE ${this.#isKey()} RETURNING ${this.#all()}`;
    const data = rows.map(({ key, after }) => ({
      ...fields(
        'c',
        names.map((name) => after[name] ?? null),
      ),
      ...this.#keyFields(key),
    }));
    const found = await this.#byKey(sql, data);
    return rows.map((row) => {
      const after = this.#of(found, row.key);
      this.#refuseOther(after, row, names);
      const changed = (texts: Texts): Texts =>
        Object.fromEntries(names.map((name) => [name, texts[name] ?? null]));
      return {
        table: this.#table.name,
        key: row.key,
        before: changed(this.#of(before, row.key)),
        after: changed(after),
      };
    });
  }

  async delete(rows: readonly ServerRow[]): Promise<AppliedRow[]> {
    const before = await this.#locked(rows, 'UPDATE');
    await this.#refuseHeld([...before.values()]);
    const sql = `DELETE FROM ${this.#table.sql} AS t USING ${recordset('k', this.#table.primaryKey.length)}
      WHERE ${this.#isKey()} RETURNING ${this.#all()}`;
    const found = await this.#byKey(
      sql,
      rows.map(({ key }) => this.#keyFields(key)),
    );
    return rows.map((row) => ({
      table: this.#table.name,
      key: row.key,
      before: this.#of(found, row.key),
      after: null,
    }));
  }

  /** The rows, which nobody else can change any more, as they must be. */
  async #locked(rows: readonly ServerRow[], lock: string): Promise<ReadonlyMap<string, Texts>> {
    const sql = `SELECT ${this.#all()} FROM ${this.#table.sql} AS t
      JOIN ${recordset('k', this.#table.primaryKey.length)} ON ${this.#isKey()} FOR ${lock} OF t`;
    const found = await this.#byKey(
      sql,
      rows.map(({ key }) => this.#keyFields(key)),
    );
    for (const row of rows) {
      const texts = this.#of(found, row.key);
      for (const [name, expected] of Object.entries(row.before)) {
        if (!this.#fits(name, texts[name] ?? null, expected)) throw new RowChangedError(this.#table.name);
      }
    }
    return found;
  }

  #fits(name: string, text: string | null, expected: Expected): boolean {
    const column = this.#columns.get(name);
    if ('text' in expected) return text === expected.text;
    return column !== undefined && isSameValue(text, expected.value, column);
  }

  /** What other tables have that refers to rows which are to go, and would go or change with them unseen. */
  async #refuseHeld(rows: readonly Texts[]): Promise<void> {
    const { oid, keys, name } = this.#table;
    for (const { child, parent, childName, columns, onDelete } of keys) {
      if (parent !== oid || child === oid || !'cnd'.includes(onDelete)) continue;
      const pairs = columns.map(({ from, to }, at) => `t.${quoted(from)} = u.c${at}::${this.#type(to)}`);
      const sql = `SELECT count(*) FROM ${childName} AS t JOIN ${recordset('c', columns.length)} ON ${pairs.join(' AND ')}`;
      const data = rows.map((row) =>
        fields(
          'c',
          columns.map(({ to }) => row[to] ?? null),
        ),
      );
      const [[count] = []] = await this.#connection.rows(sql, [JSON.stringify(data)]);
      if (count === '0') continue;
      throw new UserFacingError(
        'held',
        count === '1'
          ? t`Nothing was written to ${this.#path}: ${counted(1, 'row')} of ${childName} refers to what would be deleted of ${name}, and would be changed with it.`
          : t`Nothing was written to ${this.#path}: ${counted(Number(count), 'row')} of ${childName} refer to what would be deleted of ${name}, and would be changed with it.`,
        t`Delete or change those rows first.`,
      );
    }
  }

  async #byKey(sql: string, data: readonly object[]): Promise<ReadonlyMap<string, Texts>> {
    const rows = await this.#connection.rows(sql, [JSON.stringify(data)]);
    if (rows.length !== data.length) throw new RowChangedError(this.#table.name);
    const { columns } = this.#table;
    const texts = rows.map((row) =>
      Object.fromEntries(columns.map(({ name }, at) => [name, row[at] ?? null])),
    );
    return new Map(texts.map((each) => [this.#keyName(each), each]));
  }

  #of(rows: ReadonlyMap<string, Texts>, key: Texts): Texts {
    const found = rows.get(this.#keyName(key));
    if (found === undefined) throw new RowChangedError(this.#table.name);
    return found;
  }

  /** Throws unless a row is as it was to be; a person who allowed triggers allowed them to change it. */
  #refuseOther(found: Texts, { after }: ServerRow, names: readonly string[]): void {
    if (this.#allowTriggers) return;
    const other = names.find((name) => !this.#isSame(name, found[name] ?? null, after[name] ?? null));
    if (other === undefined) return;
    throw new UserFacingError(
      'unexpected-changes',
      t`Nothing was written to ${this.#path}: ${other} of ${this.#table.name} would not have become what was meant.`,
      t`Look at the type of the column, then try again.`,
    );
  }

  #isSame(name: string, found: string | null, meant: string | null): boolean {
    const column = this.#columns.get(name);
    return column !== undefined && isSameText(found, meant, column);
  }

  /** By the text of its values, whatever order they come in; numbers of the server are written in one way. */
  #keyName(texts: Texts): string {
    return JSON.stringify(this.#table.primaryKey.map((name) => texts[name] ?? null));
  }

  #keyFields(key: Texts): object {
    return fields(
      'k',
      this.#table.primaryKey.map((name) => key[name] ?? null),
    );
  }

  #isKey(): string {
    const { primaryKey } = this.#table;
    return primaryKey.map((name, at) => `t.${quoted(name)} = u.k${at}::${this.#type(name)}`).join(' AND ');
  }

  #all(): string {
    return this.#table.columns.map(({ name }) => `t.${quoted(name)}`).join(', ');
  }

  #type(name: string): string {
    return this.#columns.get(name)?.cast ?? 'text';
  }
}

/** Rows of texts as a table `u` of a statement, from its one parameter. */
function recordset(...parts: readonly (string | number)[]): string {
  const names: string[] = [];
  for (let at = 0; at < parts.length; at += 2) {
    for (let index = 0; index < Number(parts[at + 1]); index++) names.push(`${parts[at]}${index} text`);
  }
  return `json_to_recordset($1::json) AS u (${names.join(', ')})`;
}

function fields(prefix: string, values: readonly (string | null)[]): Record<string, string | null> {
  return Object.fromEntries(values.map((value, at) => [`${prefix}${at}`, value]));
}
