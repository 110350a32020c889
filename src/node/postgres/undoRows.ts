import { ownSchemaName } from '../../core/db/schema/postgresOwnSchema.ts';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import type { AppliedRow } from './applyChanges.ts';
import type { PostgresConnection } from './connection.ts';
import type { Expected, ServerChanges, ServerRow, Texts } from './serverChanges.ts';
import { keptRowsOf } from './undoStore.ts';
import type { ServerTable } from './serverTables.ts';

/** The rows of a change that is to be undone; none of no such change. Throws `not-found`, and `changed` where there are others. */
export async function undoneRows(
  connection: PostgresConnection,
  path: string,
  undone: { readonly serial: number; readonly mark: string; readonly rows: number } | undefined,
): Promise<AppliedRow[]> {
  if (undone === undefined) return [];
  await requireMark(connection, path, undone);
  const rows = await keptRowsOf(connection, undone.serial, path);
  if (rows.length === undone.rows) return rows;
  throw new UserFacingError(
    'changed',
    t`Nothing was undone: ${rows.length} rows are kept of change ${undone.serial} of ${path}, where ${undone.rows} were agreed to.`,
    t`Look at the journal again.`,
  );
}

/** After a dump was restored, another change may have the serial. */
async function requireMark(
  connection: PostgresConnection,
  path: string,
  { serial, mark }: { readonly serial: number; readonly mark: string },
): Promise<void> {
  const sql = `SELECT mark FROM ${ownSchemaName}.journal WHERE serial = $1::bigint`;
  const [[found = null] = []] = await connection.rows(sql, [String(serial)]);
  if (found === mark) return;
  throw new UserFacingError(
    'changed',
    t`Nothing was undone: change ${serial} of ${path} is not the one that was agreed to.`,
    t`Look at the journal again.`,
  );
}

/** What puts rows back as they were, exactly as the server wrote them, if they still are as they were left. */
export function inverse(
  rows: readonly AppliedRow[],
  tables: ReadonlyMap<string, ServerTable>,
): ServerChanges[] {
  const byTable = new Map<string, ServerRow[]>();
  for (const row of rows) {
    const all = byTable.get(row.table) ?? [];
    all.push(inverseRow(row, tables.get(row.table)));
    byTable.set(row.table, all);
  }
  return [...byTable].flatMap(([name, changed]) => {
    const table = tables.get(name);
    return table === undefined ? [] : [{ table, rows: changed }];
  });
}

function inverseRow({ key, before, after }: AppliedRow, table: ServerTable | undefined): ServerRow {
  const kind = before === null ? 'delete' : after === null ? 'insert' : 'update';
  const generated = new Set(table?.columns.filter(({ isGenerated }) => isGenerated).map(({ name }) => name));
  return {
    kind,
    key,
    before: expected(after ?? {}),
    after: Object.fromEntries(Object.entries(before ?? {}).filter(([name]) => !generated.has(name))),
  };
}

function expected(texts: Texts): Readonly<Record<string, Expected>> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, { text }]));
}

/** How many rows of which tables. */
export function rowsByTable(rows: readonly AppliedRow[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { table } of rows) counts[table] = (counts[table] ?? 0) + 1;
  return counts;
}
