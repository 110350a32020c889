import type { SqlValue } from '../../core/db/databasePorts.ts';
import type { CatalogColumn } from './catalog.ts';

/** What becomes of a type of PostgreSQL in SQLite. */
export type ValueKind = 'integer' | 'real' | 'boolean' | 'timestamp' | 'bytes' | 'text';

/** A value as `node:sqlite` binds it: integers beyond 2^53 as they are. */
export type BoundValue = SqlValue | bigint;

const kinds: readonly (readonly [type: RegExp, kind: ValueKind])[] = [
  [/^(?:smallint|integer|bigint|oid)$/, 'integer'],
  [/^(?:real|double precision|numeric)/, 'real'],
  [/^boolean$/, 'boolean'],
  [/^timestamp/, 'timestamp'],
  [/^bytea$/, 'bytes'],
];

/** What kind of value a column holds. Enums, JSON, UUIDs and what is unknown are text. */
export function valueKind({ type, isEnum }: Pick<CatalogColumn, 'type' | 'isEnum'>): ValueKind {
  if (isEnum || type.endsWith('[]')) return 'text';
  return kinds.find(([pattern]) => pattern.test(type))?.[1] ?? 'text';
}

/** A value of the server, as text in a transaction of `PostgresConnection.begin`, as SQLAlchemy writes it to SQLite. */
export function toSqliteValue(kind: ValueKind, text: string | null): BoundValue {
  if (text === null) return null;
  switch (kind) {
    case 'integer': {
      const value = Number(text);
      return Number.isSafeInteger(value) ? value : BigInt(text);
    }
    case 'real':
      return realOf(text);
    case 'boolean':
      return text === 't' ? 1 : 0;
    case 'timestamp':
      return storedTimestamp(text);
    case 'bytes':
      return Buffer.from(text.slice(2), 'hex');
    case 'text':
      return text;
  }
}

/** A value of SQLite as the text that the server takes for a parameter of the column's type; `null` for NULL. */
export function toServerText(kind: ValueKind, value: BoundValue): string | null {
  if (value === null) return null;
  switch (kind) {
    case 'boolean':
      return value === 0 || value === 0n || value === '0' || value === 'f' || value === 'false' ? 'f' : 't';
    case 'bytes':
      return `\\x${bytesOf(value).toString('hex')}`;
    case 'real':
      return typeof value === 'number' && !Number.isFinite(value) ? infinite(value) : String(value);
    case 'integer':
    case 'timestamp':
    case 'text':
      return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : String(value);
  }
}

/** The values of a line of COPY's text format (postgresql.org/docs/current/sql-copy.html), for columns of these kinds. */
export function copiedValues(line: string, columnKinds: readonly ValueKind[]): BoundValue[] {
  const fields = line.split('\t');
  const isEscaped = line.includes('\\');
  const values = new Array<BoundValue>(columnKinds.length);
  for (let i = 0; i < columnKinds.length; i++) {
    const field = fields[i] ?? '\\N';
    values[i] =
      field === '\\N' ? null : toSqliteValue(columnKinds[i] ?? 'text', isEscaped ? unescaped(field) : field);
  }
  return values;
}

const escapes: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

function unescaped(field: string): string {
  return field.includes('\\')
    ? field.replaceAll(/\\(.)/gs, (_, character: string) => escapes[character] ?? character)
    : field;
}

/** `2026-01-02 03:04:05.6` or `…05.6+00` to `2026-01-02 03:04:05.600000`. What is no such time stays as it is. */
function storedTimestamp(text: string): string {
  const zone = text.indexOf('+', 19);
  const time = zone < 0 ? text : text.slice(0, zone);
  if (time.length < 19 || time.charCodeAt(4) !== 45) return text;
  return time.length === 19 ? `${time}.000000` : time.padEnd(26, '0');
}

/** SQLite has no NaN; it knows infinity. */
function realOf(text: string): number | string | null {
  if (text === 'NaN') return null;
  if (text === 'Infinity') return Infinity;
  if (text === '-Infinity') return -Infinity;
  return Number(text);
}

function infinite(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? 'Infinity' : '-Infinity';
}

function bytesOf(value: SqlValue | bigint): Buffer {
  return value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(String(value), 'utf8');
}
