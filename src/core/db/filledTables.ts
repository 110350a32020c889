import { quoted } from './foreignKeys.ts';
import type { ReadDatabase, ByteImage } from './databasePorts.ts';

/**
 * Of the tables `m`, those that are no virtual ones, for which SQLite may lack the module, as a condition in SQL. What kinds of
 * tables there are is only asked where one says so.
 */
export const isOrdinary = `(m.sql NOT LIKE '%VIRTUAL%' OR lower(m.name) NOT IN
  (SELECT lower(name) FROM pragma_table_list WHERE schema = 'main' AND type = 'virtual'))`;

/** Tables looked into by one statement; SQLite takes 500 parts, and their conditions may be long. */
export const tablesAtOnce = 100;

/**
 * The tables that have a row, of those whose definition holds one of these words; in the order in which they were made, in lower
 * case. One look at each, however many there are: at the page its tree begins at, where there is an image to read it from.
 */
export function filledTables(
  db: Pick<ReadDatabase, 'all'>,
  words: readonly string[],
  image?: ByteImage,
): string[] {
  const conditions = words.map((word) => `m.sql LIKE '%${word}%'`).join(' OR ');
  // As one value, for to make an object of each of many thousand rows takes longer than all else.
  const [found] = db.all(
    `SELECT json_group_array(json_array(name, root)) AS tables FROM
       (SELECT lower(m.name) AS name, m.rootpage AS root FROM sqlite_master AS m
        WHERE m.type = 'table' AND (${conditions}) AND ${isOrdinary} ORDER BY m.rowid)`,
  );
  const listed = JSON.parse(String(found?.tables ?? '[]')) as (readonly [name: string, root: unknown])[];
  const tables = listed.map(([name, root]) => ({ name, root: Number(root) }));
  const filled =
    image === undefined
      ? askForRows(db, withoutEmptyLeaves(db, tables))
      : tables.filter(({ root }) => !isEmptyLeaf(image, root));
  return filled.map(({ name }) => name);
}

/** With so many tables or fewer, asking each is quick. */
const fewTables = 500;
/** The statistics of SQLite read every page, so that they pay only where most pages are those of such tables. */
const mostPagesPerTable = 4;

/** Leaves out tables that are a single page without a row, where this SQLite can tell that of all at once. */
function withoutEmptyLeaves<T extends { readonly name: string }>(
  db: Pick<ReadDatabase, 'all'>,
  tables: readonly T[],
): readonly T[] {
  if (tables.length <= fewTables) return tables;
  const [known] = db.all(
    `SELECT 1 FROM pragma_module_list, pragma_page_count
     WHERE name = 'dbstat' AND page_count <= ${mostPagesPerTable * tables.length}`,
  );
  if (known === undefined) return tables;
  const [found] = db.all(
    `SELECT json_group_array(lower(name)) AS names FROM dbstat WHERE path = '/' AND pagetype = 'leaf' AND ncell = 0`,
  );
  const empty = new Set(JSON.parse(String(found?.names ?? '[]')) as string[]);
  return tables.filter(({ name }) => !empty.has(name));
}

function askForRows<T extends { readonly name: string }>(
  db: Pick<ReadDatabase, 'all'>,
  tables: readonly T[],
): T[] {
  const filled: T[] = [];
  for (let first = 0; first < tables.length; first += tablesAtOnce) {
    const some = tables.slice(first, first + tablesAtOnce);
    const parts = some.map(
      ({ name }, part) => `SELECT ${part} AS part WHERE EXISTS (SELECT 1 FROM ${quoted(name)})`,
    );
    for (const { part } of db.all(parts.join(' UNION ALL '))) {
      const table = some[Number(part)];
      if (table !== undefined) filled.push(table);
    }
  }
  return filled;
}

/** Leaves of tables, and of those without row ids. https://www.sqlite.org/fileformat2.html#b_tree_pages */
const leafKinds: readonly number[] = [0x0d, 0x0a];

/** Whether a tree is a single page without a cell. Anything else may hold rows, and SQLite says what there is to say of it. */
function isEmptyLeaf(image: ByteImage, page: number): boolean {
  const declared = image.read(16, 2);
  const pageSize = ((declared[0] ?? 0) << 8) | (declared[1] ?? 0);
  const start = (page - 1) * (pageSize === 1 ? 65_536 : pageSize);
  if (page < 2 || start + 8 > image.byteLength) return false;
  const [kind = 0, , , high, low] = image.read(start, 8);
  return leafKinds.includes(kind) && high === 0 && low === 0;
}

/** The columns of tables, by table; all in lower case. */
export function columnsOf(
  db: Pick<ReadDatabase, 'all'>,
  tables: readonly string[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const columns = new Map<string, Set<string>>(tables.map((table) => [table, new Set()]));
  const sql = `SELECT t.value AS tbl, lower(c.name) AS col FROM json_each(?) AS t JOIN pragma_table_info(t.value) AS c`;
  for (const { tbl, col } of db.all(sql, [JSON.stringify(tables)]))
    columns.get(String(tbl))?.add(String(col));
  return columns;
}
