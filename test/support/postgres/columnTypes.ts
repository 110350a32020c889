import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { formatStoredTimestamp, parseTimestamp } from '../../../src/core/model/timestamp.ts';
import { quoted } from './postgresServer.ts';

/** A column of a PostgreSQL table, as `information_schema.columns` tells of it. */
export interface ServerColumn {
  readonly name: string;
  /** Such as `int4`, `bool` or the name of an enum. */
  readonly type: string;
  readonly isRequired: boolean;
}

/** A column of a SQLite table. */
export interface FileColumn {
  readonly name: string;
  readonly declared: string;
  readonly isRequired: boolean;
  readonly isKey: boolean;
}

const truths = ['1', 'true', 't'];
const falsehoods = ['0', 'false', 'f'];
const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/i;
const date = '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]';
const time = '[0-2][0-9]:[0-5][0-9]:[0-5][0-9]';
const fraction = '.[0-9][0-9][0-9][0-9][0-9][0-9]';

/** The type that SQLAlchemy has for a declared type of SQLite where it creates the table on PostgreSQL. */
export function serverTypeOf(declared: string): string {
  const type = declared.toUpperCase();
  if (type.startsWith('VARCHAR') || type === 'TEXT' || type === 'JSON') return type;
  if (type === 'DATETIME') return 'TIMESTAMP';
  if (type === 'BOOLEAN' || type === 'FLOAT' || type === 'INTEGER') return type;
  return type.includes('INT') ? 'BIGINT' : 'TEXT';
}

/**
 * The type that a column must have instead, so that it can hold what SQLite's column holds, which may be anything; `null`
 * where its own type does. `labels` are those of its enum.
 */
export function widerType(
  file: DatabaseSync,
  table: string,
  column: ServerColumn,
  labels: readonly string[] | undefined,
): string | null {
  const cell = quoted(column.name);
  const any = (condition: string): boolean =>
    file
      .prepare(`SELECT 1 FROM ${quoted(table)} WHERE ${cell} IS NOT NULL AND (${condition}) LIMIT 1`)
      .get() !== undefined;
  if (labels !== undefined) {
    return any(`${cell} NOT IN (${labels.map((label) => `'${label}'`).join(', ')})`) ? 'VARCHAR' : null;
  }
  switch (column.type) {
    case 'bool': {
      const known = [...truths, ...falsehoods].map((word) => `'${word}'`).join(', ');
      return any(`lower(CAST(${cell} AS TEXT)) NOT IN (${known})`) ? 'VARCHAR' : null;
    }
    case 'int4':
      if (any(`typeof(${cell}) <> 'integer'`)) return 'VARCHAR';
      return any(`${cell} NOT BETWEEN -2147483648 AND 2147483647`) ? 'BIGINT' : null;
    case 'float8':
      return any(`typeof(${cell}) NOT IN ('integer', 'real')`) ? 'VARCHAR' : null;
    case 'json':
      return any(`NOT json_valid(${cell})`) ? 'TEXT' : null;
    case 'timestamp':
    case 'timestamptz': {
      const patterns = [`${date} ${time}`, `${date} ${time}${fraction}`];
      const plain = patterns.map((pattern) => `${cell} GLOB '${pattern}'`).join(' OR ');
      const others = file
        .prepare(
          `SELECT DISTINCT ${cell} AS value FROM ${quoted(table)}
           WHERE ${cell} IS NOT NULL AND NOT ((${plain}) AND date(${cell}) = substr(${cell}, 1, 10))`,
        )
        .all();
      const isTime = ({ value }: Record<string, SQLOutputValue>): boolean =>
        typeof value === 'string' && parseTimestamp(value) !== null;
      return others.every(isTime) ? null : 'VARCHAR';
    }
    default:
      return null;
  }
}

/** A value as the text that COPY takes for a column of this type. */
export function copyText(value: SQLOutputValue, type: string): string {
  if (value === null) return '\\N';
  if (value instanceof Uint8Array) {
    return type === 'bytea'
      ? `\\\\x${Buffer.from(value).toString('hex')}`
      : escaped(Buffer.from(value).toString());
  }
  if (type === 'bool') return truths.includes(String(value).toLowerCase()) ? 't' : 'f';
  if (type.startsWith('timestamp')) return inUtc(String(value));
  return typeof value === 'string' ? escaped(value) : String(value);
}

/** Without a zone, of which a `timestamp` takes no notice. */
function inUtc(text: string): string {
  const ms = zoned.test(text.slice(10)) ? parseTimestamp(text) : null;
  return ms === null ? text.replace(',', '.') : formatStoredTimestamp(ms);
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(text: string): string {
  return text.replaceAll(/[\\\n\r\t]/g, (character) => escapes[character] ?? character);
}
