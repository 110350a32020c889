import * as z from 'zod';
import type { PhaseScope } from '../model/phase.ts';
import { epochMs, parseTimestamp } from '../model/timestamp.ts';
import { t } from '../text/l10n.ts';
import type { Row, SqlValue } from './databasePorts.ts';

/** The words that mean true in a column of booleans, in lower case. */
const truthy: ReadonlySet<string> = new Set(['1', 'true', 't', 'yes', 'y']);
const falsy = new Set(['0', 'false', 'f', 'no', 'n', '']);

const integer = z
  .union([
    z.number(),
    z
      .string()
      .trim()
      .regex(/^-?\d+(\.\d+)?$/)
      .transform(Number),
  ])
  .pipe(z.number().transform(Math.trunc));
const text = z.union([z.string(), z.number().transform(String)]);
const flag = z.union([
  z.number().transform((value) => value !== 0),
  z.string().transform((value, context) => {
    const word = value.trim().toLowerCase();
    if (truthy.has(word)) return true;
    if (falsy.has(word)) return false;
    context.addIssue({ code: 'custom', message: 'not a boolean' });
    return z.NEVER;
  }),
]);
const time = z.union([
  z.string().transform((value, context) => {
    const ms = parseTimestamp(value);
    if (ms !== null) return ms;
    context.addIssue({ code: 'custom', message: 'not a timestamp' });
    return z.NEVER;
  }),
  // A number is a Unix time: in seconds as SQLite's own functions write it, in ms when it is too large for that.
  z.number().transform((value, context) => {
    const ms = Math.trunc(Math.abs(value) < 1e11 ? value * 1000 : value);
    if (epochMs.safeParse(ms).success) return ms;
    context.addIssue({ code: 'custom', message: 'not a timestamp' });
    return z.NEVER;
  }),
]);
const jsonText = z.string().transform((value, context): unknown => {
  try {
    return JSON.parse(value);
  } catch {
    context.addIssue({ code: 'custom', message: 'not JSON' });
    return z.NEVER;
  }
});
const paths = z.array(z.string()).catch([]);
const scope = z.object({ paths, read_only_context: paths, deliverables: z.unknown() }).partial();

/** Reads the columns of one row as types, counting a warning for each value that is not what its column should hold. */
export class ColumnReader {
  readonly #table: string;
  readonly #row: Row;
  readonly #warnings: DecodeWarnings;

  constructor(table: string, row: Row, warnings: DecodeWarnings) {
    this.#table = table;
    this.#row = row;
    this.#warnings = warnings;
  }

  text(column: string): string | null {
    // Nearly every value has its column's own type, and lists are long.
    const value = this.#row[column];
    return typeof value === 'string' ? value : this.#decode(column, text, t`text`);
  }

  integer(column: string): number | null {
    const value = this.#row[column];
    return Number.isSafeInteger(value) ? Number(value) : this.#decode(column, integer, t`a number`);
  }

  boolean(column: string): boolean | null {
    return this.#decode(column, flag, t`a boolean`);
  }

  /** Milliseconds since the epoch. */
  time(column: string): number | null {
    const value = this.#row[column];
    const ms = typeof value === 'string' ? parseTimestamp(value) : null;
    return ms ?? this.#decode(column, time, t`a timestamp`);
  }

  json(column: string): unknown {
    return this.#decode(column, jsonText, 'JSON');
  }

  scope(column: string): PhaseScope {
    const parsed = scope.safeParse(this.json(column) ?? {});
    if (!parsed.success) this.#warnings.add(t`${this.#table}.${column} is not a scope`);
    const { paths: own = [], read_only_context: context = [], deliverables } = parsed.data ?? {};
    return { paths: own, readOnlyContext: context, deliverables: flattenDeliverables(deliverables) };
  }

  #decode<T>(column: string, type: z.ZodType<T>, expected: string): T | null {
    const value: SqlValue = this.#row[column] ?? null;
    if (value === null) return null;
    const parsed = type.safeParse(value);
    if (parsed.success) return parsed.data;
    this.#warnings.add(t`${this.#table}.${column} is not ${expected}`);
    return null;
  }
}

/** Levels of lists in lists of which deliverables are taken; nobody writes more than two. */
const deepestList = 16;

/** Deliverables come as a list, or as lists by kind (`{"code": [...], "tests": [...]}`): both mean all of them. */
function flattenDeliverables(value: unknown, depth = 0): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || depth > deepestList) return [];
  return Object.values(value).flatMap((part) => flattenDeliverables(part, depth + 1));
}

/** Counts what could not be read as it should be, so that a reader shows the row and says so instead of failing. */
export class DecodeWarnings {
  readonly #counts = new Map<string, number>();

  /** `what` names the place, not the value: `phases.created_at is not a timestamp`. */
  add(what: string, count = 1): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + count);
  }

  /** One entry a kind, in the order of first sight. */
  list(): DecodeWarning[] {
    return [...this.#counts].map(([what, count]) => ({ what, count }));
  }
}

/** A kind of oddity in the data, and how often it was met. */
export interface DecodeWarning {
  readonly what: string;
  readonly count: number;
}

const words = [...truthy].map((word) => `'${word}'`).join(', ');

/**
 * An SQL condition for a boolean column in any of the forms it is stored in, as {@link ColumnReader.boolean} reads it.
 * Tries what nearly every row holds first, since it runs for each row of large tables. `column` is an SQL expression.
 */
export function flagSql(column: string): string {
  const isTruthyText = `lower(trim(${column})) IN (${words})`;
  const isNumber = `typeof(${column}) IN ('integer', 'real')`;
  return `(${column} = 1 OR (${column} <> 0 AND (${isNumber} OR ${isTruthyText})))`;
}
