import { quoted } from '../../core/db/foreignKeys.ts';
import { serverNameOf } from '../../core/db/schema/postgresOwnSchema.ts';
import type { PostgresConnection } from './connection.ts';

/** A column of a table on the server. */
export interface ServerColumn {
  readonly name: string;
  /** What it is, or of a domain what that is made of. */
  readonly type: string;
  /** As it stands in a cast that cuts nothing off, with the schema of a type that is not the server's own. */
  readonly cast: string;
  readonly isEnum: boolean;
  readonly isNotNull: boolean;
  readonly hasDefault: boolean;
  /** Worked out by the server from others. */
  readonly isGenerated: boolean;
  /** What its ids come from, quoted where need be; `null` where nothing does. */
  readonly sequence: string | null;
}

/** A foreign key of a table; names of tables as in {@link ServerTable.oid}. */
export interface ServerKey {
  readonly child: string;
  readonly parent: string;
  readonly columns: readonly { readonly from: string; readonly to: string }[];
  /** `a` no action, `r` restrict, `c` cascade, `n` set null, `d` set default. */
  readonly onDelete: string;
  /** How the child is called, for messages and statements. */
  readonly childName: string;
}

/** All about a table that changing its rows rests on. */
export interface ServerTable {
  /** As SQLite and the replica call it. */
  readonly name: string;
  readonly oid: string;
  /** With its schema, quoted: as it stands in a statement. */
  readonly sql: string;
  /** `r` for an ordinary table, `p` for one in partitions. */
  readonly kind: string;
  readonly columns: readonly ServerColumn[];
  readonly primaryKey: readonly string[];
  /** Both of this table and to it. */
  readonly keys: readonly ServerKey[];
  /** Those that are on, without those by which foreign keys are held. */
  readonly triggers: readonly string[];
  readonly rules: readonly string[];
  /** Whether rows may be hidden from this user. */
  readonly hidesRows: boolean;
  readonly may: { readonly insert: boolean; readonly update: boolean; readonly delete: boolean };
}

const sql = `SELECT t.name, c.oid::text, format('%I.%I', n.nspname, c.relname), c.relkind,
  (SELECT json_agg(json_build_object(
      'name', a.attname,
      'type', format_type(CASE WHEN y.typtype = 'd' THEN y.typbasetype ELSE a.atttypid END, -1),
      'cast', format_type(a.atttypid, -1),
      'isEnum', y.typtype = 'e',
      'isNotNull', a.attnotnull,
      'hasDefault', a.atthasdef OR a.attidentity <> '',
      'isGenerated', a.attgenerated <> '',
      'sequence', coalesce(
        pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname),
        substring(pg_get_expr(d.adbin, d.adrelid) FROM '^nextval\\(''(.+)''::regclass\\)$'))
    ) ORDER BY a.attnum)
    FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
  (SELECT json_agg(a.attname ORDER BY k.place)
    FROM pg_index i CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k (attnum, place)
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
    WHERE i.indrelid = c.oid AND i.indisprimary),
  (SELECT json_agg(json_build_object(
      'child', f.conrelid::text, 'parent', f.confrelid::text, 'onDelete', f.confdeltype,
      'childName', format('%I.%I', cn.nspname, cc.relname),
      'columns', (SELECT json_agg(json_build_object('from', own.attname, 'to', their.attname) ORDER BY k.place)
        FROM unnest(f.conkey, f.confkey) WITH ORDINALITY AS k (own, their, place)
        JOIN pg_attribute own ON own.attrelid = f.conrelid AND own.attnum = k.own
        JOIN pg_attribute their ON their.attrelid = f.confrelid AND their.attnum = k.their)))
    FROM (SELECT conrelid::oid, confrelid::oid, confdeltype, conkey, confkey, contype, conparentid FROM pg_constraint) f
    JOIN pg_class cc ON cc.oid = f.conrelid JOIN pg_namespace cn ON cn.oid = cc.relnamespace
    WHERE f.contype = 'f' AND f.conparentid = 0 AND (f.conrelid = c.oid OR f.confrelid = c.oid)),
  (SELECT json_agg(g.tgname ORDER BY g.tgname) FROM pg_trigger g
    WHERE g.tgrelid = c.oid AND NOT g.tgisinternal AND g.tgenabled <> 'D'),
  (SELECT json_agg(r.rulename ORDER BY r.rulename) FROM pg_rewrite r
    WHERE r.ev_class = c.oid AND r.rulename <> '_RETURN' AND r.ev_enabled <> 'D'),
  row_security_active(c.oid),
  has_table_privilege(c.oid, 'INSERT'), has_table_privilege(c.oid, 'UPDATE'), has_table_privilege(c.oid, 'DELETE')
FROM json_to_recordset($1::json) AS t (name text, relation text)
JOIN pg_class c ON c.oid = to_regclass(t.relation)
JOIN pg_namespace n ON n.oid = c.relnamespace`;

/** What the server has of these tables, by their names as SQLite calls them; those that are not there are left out. */
export async function readServerTables(
  connection: PostgresConnection,
  names: readonly string[],
): Promise<ReadonlyMap<string, ServerTable>> {
  if (names.length === 0) return new Map();
  const wanted = names.map((name) => {
    const { schema, table } = serverNameOf(name);
    return { name, relation: `${schema === null ? '' : `${schema}.`}${quoted(table)}` };
  });
  const rows = await connection.rows(sql, [JSON.stringify(wanted)]);
  return new Map(rows.map((row) => tableOf(row)).map((table) => [table.name, table]));
}

function tableOf(row: readonly (string | null)[]): ServerTable {
  const [name, oid, at, kind, columns, primaryKey, keys, triggers, rules, hidesRows, ...may] = row;
  return {
    name: name ?? '',
    oid: oid ?? '',
    sql: at ?? '',
    kind: kind ?? '',
    columns: list(columns),
    primaryKey: list(primaryKey),
    keys: list(keys),
    triggers: list(triggers),
    rules: list(rules),
    hidesRows: hidesRows === 't',
    may: { insert: may[0] === 't', update: may[1] === 't', delete: may[2] === 't' },
  };
}

/** What `json_agg` gave, which is nothing for no row; its shape is that of the statement above. */
function list(text: string | null | undefined): readonly never[] {
  return text === null || text === undefined ? [] : (JSON.parse(text) as never[]);
}
