/** A table as Autopack declares it: every column with its type and constraint, in order. */
export interface TableDefinition {
  readonly name: string;
  readonly columns: Readonly<Record<string, string>>;
  readonly constraints: readonly string[];
  /** Name to columns, in the order of creation, which is the order SQLite reports them in. */
  readonly indexes: Readonly<Record<string, readonly string[]>>;
}

/**
 * The statements that create a table and its indexes.
 * The text is laid out as SQLAlchemy writes it, since SQLite stores it verbatim and schema tools compare it.
 */
export function createStatements(table: TableDefinition): string[] {
  const columns = Object.entries(table.columns).map(([name, type]) => `${name} ${type}`);
  const body = [...columns, ...table.constraints].map((line) => `\n\t${line}`).join(', ');
  const indexes = Object.entries(table.indexes).map(
    ([name, indexed]) => `CREATE INDEX ${name} ON ${table.name} (${indexed.join(', ')})`,
  );
  return [`CREATE TABLE ${table.name} (${body}\n)`, ...indexes];
}
