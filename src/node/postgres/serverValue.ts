import { UserFacingError } from '../../core/errors.ts';
import type { ChangedValue } from './changeset.ts';
import type { ServerColumn } from './writeCatalog.ts';

const integers = new Set(['smallint', 'integer', 'bigint', 'oid']);
const floats = new Set(['real', 'double precision', 'numeric']);
const zoned = 'timestamp with time zone';
const zoneless = 'timestamp without time zone';

type TypedColumn = Pick<ServerColumn, 'name' | 'type' | 'category'>;

/** A value of a replica as the server reads it for that column. Throws `unsupported` for what its type cannot hold. */
export function serverText(value: ChangedValue, column: TypedColumn): string | null {
  if (value === null) return null;
  if (value instanceof Uint8Array) {
    if (column.type !== 'bytea') throw doesNotFit(column);
    return `\\x${Buffer.from(value).toString('hex')}`;
  }
  if (column.category === 'B') return Number(value) === 0 ? 'false' : 'true';
  if (column.type === 'bytea') return `\\x${Buffer.from(String(value)).toString('hex')}`;
  const text = String(value);
  if (text.includes('\0')) throw doesNotFit(column);
  if (column.type === zoned && !/(?:Z|[+-]\d\d(?::?\d\d)?)$/.test(text)) return `${text}+00`;
  return text;
}

/** What a replica has for a text of the server (with times in UTC and bytes in hexadecimal digits). */
export function replicaValue(text: string | null, column: TypedColumn): ChangedValue {
  if (text === null) return null;
  const { type, category } = column;
  if (category === 'B' && type === 'boolean') return text === 't' || text === 'true' ? 1 : 0;
  if (integers.has(type)) {
    const value = Number(text);
    return Number.isSafeInteger(value) ? value : BigInt(text);
  }
  if (floats.has(type)) return Number(text);
  if (type === 'bytea') return new Uint8Array(Buffer.from(text.replace(/^\\x/, ''), 'hex'));
  if (type === zoneless || type === zoned) return storedTime(text);
  return text;
}

/** Whether a text of the server and a value of a replica are the same. */
export function isSameValue(text: string | null, value: ChangedValue, column: TypedColumn): boolean {
  const found = replicaValue(text, column);
  if (found instanceof Uint8Array && value instanceof Uint8Array) return Buffer.compare(found, value) === 0;
  if (found === value || (typeof found === 'number' && Number.isNaN(found) && value === null)) return true;
  if (found === null || value === null) return false;
  if (typeof found === 'number' || typeof found === 'bigint') return Number(found) === Number(value);
  if (column.type === zoneless || column.type === zoned) return storedTime(String(value)) === found;
  return column.type.startsWith('json') && isSameJson(String(found), String(value));
}

/** With microseconds and without a zone, as SQLAlchemy writes times to SQLite. */
function storedTime(text: string): string {
  const parts = /^(\d{4,}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(?:Z|[+-]00(?::?00)?)?$/.exec(text);
  if (parts === null) return text;
  const [, day = '', time = '', fraction = ''] = parts;
  return `${day} ${time}.${fraction.padEnd(6, '0')}`;
}

function isSameJson(a: string, b: string): boolean {
  try {
    return canonical(JSON.parse(a)) === canonical(JSON.parse(b));
  } catch {
    return false;
  }
}

/** With the members of objects in one order, as `jsonb` has another one. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}

function doesNotFit({ name, type }: TypedColumn): UserFacingError {
  return new UserFacingError(
    'unsupported',
    `Nothing was written: the column ${name} (${type}) cannot hold the value.`,
    'Look at the types of its table.',
  );
}
