import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import type { ChangedValue } from './changeset.ts';
import { toServerText, toSqliteValue, valueKind } from './values.ts';
import type { ServerColumn } from './serverTables.ts';

const zoned = 'timestamp with time zone';

/** A value of a replica as the server reads it for that column. Throws `unsupported` for what its type cannot hold. */
export function serverText(value: ChangedValue, column: ServerColumn): string | null {
  const text = toServerText(valueKind(column), value);
  if (text?.includes('\0') === true) throw doesNotFit(column);
  const isBare = column.type === zoned && text !== null && !/(?:Z|[+-]\d\d(?::?\d\d)?)$/.test(text);
  return isBare ? `${text}+00` : text;
}

/** Whether a text of the server and a value of a replica are the same. */
export function isSameValue(text: string | null, value: ChangedValue, column: ServerColumn): boolean {
  const found = toSqliteValue(valueKind(column), text);
  if (found instanceof Uint8Array && value instanceof Uint8Array) return Buffer.compare(found, value) === 0;
  if (found === value) return true;
  if (found === null || value === null) return false;
  // A type of SQLite makes numbers of texts that look like one.
  if (typeof value === 'number' || typeof value === 'bigint') return Number(found) === Number(value);
  return isSameText(text, String(value), column);
}

/** Whether two texts of the server mean the same for a column, though it may write them otherwise than they came. */
export function isSameText(found: string | null, meant: string | null, column: ServerColumn): boolean {
  if (found === meant) return true;
  if (found === null || meant === null) return false;
  const kind = valueKind(column);
  if (kind === 'text') return column.type.startsWith('json') && isSameJson(found, meant);
  if (kind === 'timestamp')
    return toSqliteValue(kind, found) === toSqliteValue(kind, meant.replace(/Z$/, '+00'));
  return kind === 'boolean'
    ? found.startsWith(meant.slice(0, 1))
    : toSqliteValue(kind, found) === toSqliteValue(kind, meant);
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

function doesNotFit({ name, type }: ServerColumn): UserFacingError {
  return new UserFacingError(
    'unsupported',
    t`Nothing was written: the column ${name} (${type}) cannot hold the value.`,
    t`Look at the types of its table.`,
  );
}
