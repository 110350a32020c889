import { createHash } from 'node:crypto';
import { UserFacingError } from '../../core/errors.ts';
import { postgresTitle } from '../../core/db/postgresUrl.ts';
import { quoted } from '../../core/db/foreignKeys.ts';
import { localNameOf, ownSchemaName } from '../../core/db/schema/postgresOwnSchema.ts';
import { knownTables, replicaStateTable } from '../../core/db/tolerantSchema.ts';
import { t } from '../../core/text/l10n.ts';
import type { PostgresConnection } from './connection.ts';

/** A column of a table on the server. */
export interface CatalogColumn {
  readonly name: string;
  /** As `format_type` gives it: `character varying(33)`, `timestamp without time zone`; of an enum or domain what it is made of. */
  readonly type: string;
  readonly isEnum: boolean;
  readonly isNotNull: boolean;
  /** The default as an expression of PostgreSQL; `null` without one. */
  readonly defaultSql: string | null;
  /** Whether it is computed from others, and so cannot be written. */
  readonly isGenerated: boolean;
}

/** A foreign key of a table on the server. Tables by the names that they have in the replica. */
export interface CatalogForeignKey {
  readonly columns: readonly string[];
  readonly parent: string;
  readonly parentColumns: readonly string[];
  /** As SQL has it: `NO ACTION`, `RESTRICT`, `CASCADE`, `SET NULL`, `SET DEFAULT`. */
  readonly onDelete: string;
}

/** A trigger that somebody made. */
export interface CatalogTrigger {
  readonly name: string;
  readonly events: readonly ('INSERT' | 'UPDATE' | 'DELETE')[];
}

/** A table of the server that the replica has. */
export interface CatalogTable {
  readonly oid: string;
  /** Its name in the replica: its own, or of a table of our schema `autopack_hygiene_<name>`. */
  readonly name: string;
  /** Qualified and quoted, as the server takes it. */
  readonly serverName: string;
  readonly columns: readonly CatalogColumn[];
  /** Empty where it has none. */
  readonly primaryKey: readonly string[];
  readonly foreignKeys: readonly CatalogForeignKey[];
  /** Columns of further unique constraints and of unique indexes without a condition. */
  readonly uniques: readonly (readonly string[])[];
  readonly triggers: readonly CatalogTrigger[];
}

/** What the server has of Autopack and of us. */
export interface Catalog {
  /** The schema that Autopack's tables lie in. */
  readonly schema: string;
  readonly tables: readonly CatalogTable[];
  /** Views and foreign tables that have the name of a table of Autopack. */
  readonly notTables: readonly string[];
  /** Tables of Autopack that this user may not read. */
  readonly unreadable: readonly string[];
  /** Whether there are tables of others. */
  readonly hasOthers: boolean;
  /** Changes with whatever above changes. */
  readonly signature: string;
}

/** Those of its tables that the replica has, too. */
const ownReplicated = ['identity', 'approvals', 'journal'];
/** Without these there is nothing to show. */
const neededTables: readonly string[] = ['runs', 'phases'];

/** The schema in which Autopack's tables are found: where `runs` is, or the first in which there is any of its tables. */
const schemaSql = `SELECT coalesce(
  (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('runs')),
  (SELECT relnamespace FROM pg_class c
   JOIN unnest(current_schemas(false)) WITH ORDINALITY AS s(name, place) ON s.name::name = relnamespace::regnamespace::name
   WHERE relname IN ('phases', 'tiers', 'token_estimation_v2_events', 'llm_usage_events') ORDER BY place LIMIT 1),
  to_regnamespace('public')::oid,
  to_regnamespace(coalesce(current_schema(), 'pg_catalog'))::oid)`;

/** One answer, as JSON. Tables are found by their names, by columns that lead to a run or phase, and by foreign keys. */
const catalogSql = `
WITH RECURSIVE place AS (SELECT (${schemaSql})::oid AS ns),
wanted(oid) AS (
  SELECT c.oid FROM pg_class c, place
  WHERE c.relnamespace = place.ns AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND (lower(c.relname) = ANY ($1) OR EXISTS (
      SELECT 1 FROM pg_attribute a
      WHERE a.attrelid = c.oid AND a.attname IN ('run_id', 'phase_id') AND NOT a.attisdropped AND a.attnum > 0))
  UNION
  SELECT c.oid FROM pg_class c WHERE c.relnamespace = to_regnamespace('${ownSchemaName}')
    AND c.relkind = 'r' AND c.relname = ANY ($2)
  UNION
  SELECT c.oid FROM pg_constraint k JOIN wanted w ON k.confrelid = w.oid JOIN pg_class c ON c.oid = k.conrelid
  WHERE k.contype = 'f' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
),
readable AS (
  SELECT c.oid, c.relname, n.nspname, has_table_privilege(c.oid, 'SELECT') AND has_schema_privilege(n.oid, 'USAGE') AS may
  FROM wanted w JOIN pg_class c ON c.oid = w.oid JOIN pg_namespace n ON n.oid = c.relnamespace
)
SELECT json_build_object(
  'schema', (SELECT nspname FROM pg_namespace, place WHERE oid = ns),
  'unreadable', (SELECT coalesce(json_agg(relname ORDER BY relname), '[]') FROM readable WHERE NOT may),
  'hasOthers', EXISTS (SELECT 1 FROM pg_class, place WHERE relnamespace = ns AND relkind IN ('r', 'p')
    AND NOT lower(relname) = ANY ($1)),
  'notTables', (SELECT coalesce(json_agg(lower(relname) ORDER BY relname), '[]') FROM pg_class, place
    WHERE relnamespace = ns AND relkind NOT IN ('r', 'p', 'i', 'S', 'I', 'c', 't') AND lower(relname) = ANY ($1)),
  'tables', (SELECT coalesce(json_agg(json_build_object(
    'oid', r.oid::text,
    'schema', r.nspname,
    'name', r.relname,
    'serverName', format('%I.%I', r.nspname, r.relname),
    'columns', (SELECT coalesce(json_agg(json_build_object(
        'name', a.attname,
        'type', CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) ELSE format_type(a.atttypid, a.atttypmod) END,
        'isEnum', t.typtype = 'e',
        'isNotNull', a.attnotnull,
        'defaultSql', pg_get_expr(d.adbin, d.adrelid),
        'isGenerated', a.attgenerated <> '') ORDER BY a.attnum), '[]')
      FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
      LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      WHERE a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped),
    'primaryKey', (SELECT coalesce(json_agg(a.attname ORDER BY k.place), '[]') FROM pg_index i
      CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY AS k(num, place)
      JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = k.num
      WHERE i.indrelid = r.oid AND i.indisprimary),
    'uniques', (SELECT coalesce(json_agg(u.names ORDER BY u.names::text), '[]') FROM (
      SELECT json_agg(a.attname ORDER BY k.place) AS names FROM pg_index i
      CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY AS k(num, place)
      JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = k.num
      WHERE i.indrelid = r.oid AND i.indisunique AND NOT i.indisprimary AND i.indpred IS NULL
        AND i.indexprs IS NULL AND i.indisvalid AND k.place <= i.indnkeyatts
      GROUP BY i.indexrelid) AS u),
    'foreignKeys', (SELECT coalesce(json_agg(json_build_object(
        'columns', (SELECT json_agg(a.attname ORDER BY x.place) FROM unnest(k.conkey) WITH ORDINALITY AS x(num, place)
          JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = x.num),
        'parentSchema', pn.nspname, 'parent', pc.relname,
        'parentColumns', (SELECT json_agg(a.attname ORDER BY x.place) FROM unnest(k.confkey) WITH ORDINALITY AS x(num, place)
          JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = x.num),
        'onDelete', k.confdeltype) ORDER BY k.conname), '[]')
      FROM pg_constraint k JOIN pg_class pc ON pc.oid = k.confrelid JOIN pg_namespace pn ON pn.oid = pc.relnamespace
      WHERE k.conrelid = r.oid AND k.contype = 'f'),
    'triggers', (SELECT coalesce(json_agg(json_build_object('name', tgname, 'type', tgtype) ORDER BY tgname), '[]')
      FROM pg_trigger WHERE tgrelid = r.oid AND NOT tgisinternal AND tgenabled <> 'D'))
    ORDER BY r.oid), '[]') FROM readable r WHERE may))::text`;

interface RawTable extends Omit<CatalogTable, 'foreignKeys' | 'triggers'> {
  readonly schema: string;
  readonly foreignKeys: readonly (CatalogForeignKey & { readonly parentSchema: string })[];
  readonly triggers: readonly { readonly name: string; readonly type: number }[];
}

interface RawCatalog extends Pick<Catalog, 'schema' | 'notTables' | 'unreadable' | 'hasOthers'> {
  readonly tables: readonly RawTable[];
}

const deleteActions: Readonly<Record<string, string>> = {
  a: 'NO ACTION',
  r: 'RESTRICT',
  c: 'CASCADE',
  n: 'SET NULL',
  d: 'SET DEFAULT',
};
/** `tgtype` of pg_trigger, see src/include/catalog/pg_trigger.h of PostgreSQL. */
const triggerEvents = [
  [4, 'INSERT'],
  [8, 'DELETE'],
  [16, 'UPDATE'],
] as const;

/** Reads what a server has, within a transaction. Throws `no-permission` where runs or phases may not be read. */
export async function readCatalog(connection: PostgresConnection): Promise<Catalog> {
  const names = `{${[...knownTables].join(',')}}`;
  const [row] = await connection.rows(catalogSql, [names, `{${ownReplicated.join(',')}}`]);
  const text = row?.[0] ?? '{}';
  // Its shape is that of the query above.
  const raw = JSON.parse(text) as RawCatalog;
  const forbidden = raw.unreadable.filter((name) => neededTables.includes(name));
  if (forbidden.length > 0) {
    throw new UserFacingError(
      'no-permission',
      t`The user ${connection.location.user} may not read ${forbidden.join(t` and `)} in ${postgresTitle(connection.location.path)}.`,
      t`Have this done by who owns the tables: GRANT SELECT ON ALL TABLES IN SCHEMA ${inSql(raw.schema)} TO ${inSql(connection.location.user)}.`,
    );
  }
  return {
    schema: raw.schema,
    tables: distinctTables(raw).map((table) => ({
      ...table,
      name: localNameOf(table.schema, table.name),
      foreignKeys: table.foreignKeys.map((key) => ({
        ...key,
        parent: localNameOf(key.parentSchema, key.parent),
        onDelete: deleteActions[key.onDelete] ?? 'NO ACTION',
      })),
      triggers: table.triggers.map(({ name, type }) => ({
        name,
        events: triggerEvents.filter(([bit]) => (type & bit) !== 0).map(([, event]) => event),
      })),
    })),
    notTables: raw.notTables,
    unreadable: raw.unreadable,
    hasOthers: raw.hasOthers,
    signature: createHash('sha256').update(text).digest('hex').slice(0, 16),
  };
}

/**
 * Without tables whose name another one has in the replica, as may be one of another schema that refers to Autopack's, or one that
 * is told apart by its capitals alone; and without such as SQLite does not allow. Autopack's own come first.
 */
function distinctTables({ schema, tables }: RawCatalog): RawTable[] {
  const rank = ({ schema: its, name }: RawTable): number => {
    if (its === ownSchemaName) return 0;
    if (its !== schema) return 3;
    return name === name.toLowerCase() ? 1 : 2;
  };
  const taken = new Map<string, RawTable>();
  for (const table of [...tables].sort((a, b) => rank(a) - rank(b))) {
    const name = localNameOf(table.schema, table.name);
    if (!taken.has(name) && !name.startsWith('sqlite_') && name !== replicaStateTable) taken.set(name, table);
  }
  const isKept = (its: string, name: string): boolean => {
    const found = taken.get(localNameOf(its, name));
    return found?.schema === its && found.name === name;
  };
  return tables
    .filter(({ schema: its, name }) => isKept(its, name))
    .map((table) => ({
      ...table,
      foreignKeys: table.foreignKeys.filter(({ parentSchema, parent }) => isKept(parentSchema, parent)),
    }));
}

/** A name as SQL has it, so that what is copied from a message does what it says. */
function inSql(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : quoted(name);
}
