import { UserFacingError } from '../errors.ts';
import { contextual, t } from '../text/l10n.ts';
import { counted } from '../text/quantities.ts';
import type { Row, SqlValue, WriteDatabase } from './databasePorts.ts';

/** A trigger that would run, and the table or view it is on. */
export interface ForeignTrigger {
  readonly name: string;
  readonly table: string;
}

/**
 * Triggers of Autopack's own migrations, by name. They set the time of the last change, and are let run as
 * long as they read like this; white space does not count.
 */
const knownTriggers: ReadonlyMap<string, string> = new Map(
  (
    [
      ['build_runs', 'run_id'],
      ['phase_executions', 'execution_id'],
    ] as const
  ).map(([table, key]) => {
    const name = `update_${table}_timestamp`;
    const body = `UPDATE ${table} SET updated_at = CURRENT_TIMESTAMP WHERE ${key} = NEW.${key};`;
    return [name, words(`CREATE TRIGGER ${name} AFTER UPDATE ON ${table} FOR EACH ROW BEGIN ${body} END`)];
  }),
);

/** How the first instruction of a trigger's program names it in the output of EXPLAIN. Programs of foreign keys have no name. */
const triggerMark = '-- TRIGGER ';

/**
 * Whether the text of a trigger is that of one Autopack makes.
 */
export function isKnownTrigger(name: string, sql: SqlValue): boolean {
  return typeof sql === 'string' && knownTriggers.get(name.toLowerCase()) === words(sql);
}

/** The refusal to run triggers that Autopack does not make. */
export function triggersRefused(path: string, triggers: readonly ForeignTrigger[]): UserFacingError {
  return new UserFacingError(
    'triggers',
    t`Nothing was written: in ${path}, ${triggersText(triggers)} would run, and Autopack makes no such trigger.`,
    t`Look at what they do and drop them, or allow them to run (--allow-triggers).`,
  );
}

/** `the trigger "a" on phases`, at most five of them. */
export function triggersText(triggers: readonly ForeignTrigger[]): string {
  const shown = triggers
    .slice(0, 5)
    .map(({ name, table }) => contextual('trigger')`${JSON.stringify(name)} on ${table}`);
  const more = triggers.length - shown.length;
  const list = [...shown, ...(more > 0 ? [t`${more} more`] : [])].join(', ');
  return `${triggers.length === 1 ? t`the trigger` : t`the triggers`} ${list}`;
}

/**
 * Looks at every statement before it runs, and counts what it changed afterwards. SQLite is asked what the statement
 * would do (EXPLAIN) instead of the schema table, which can be written to lie.
 */
export class CheckedWrites implements WriteDatabase {
  readonly #db: WriteDatabase;
  readonly #path: string;
  readonly #allowTriggers: boolean;
  readonly #seen = new Map<string, Inspection>();
  #direct = 0;
  #further = 0;
  #byKnownTriggers = 0;
  readonly #rows = new Map<string, number>();

  constructor(db: WriteDatabase, path: string, allowTriggers: boolean) {
    this.#db = db;
    this.#path = path;
    this.#allowTriggers = allowTriggers;
  }

  all(sql: string, params?: readonly SqlValue[]): Row[] {
    return this.#db.all(sql, params);
  }

  run(sql: string, params?: readonly SqlValue[], expectedRows?: number): number {
    const isDml = /^\s*(INSERT|UPDATE|DELETE)\b/i.test(sql);
    const inspection = isDml ? (this.#seen.get(sql) ?? this.#inspect(sql)) : null;
    if (inspection !== null) this.#seen.set(sql, inspection);
    const before = this.#totalChanges();
    const changed = this.#db.run(inspection?.checked ?? sql, params);
    const direct = isDml ? changed : 0;
    if (direct > 0) this.#count(sql, direct);
    const further = this.#totalChanges() - before - direct;
    this.#direct += direct;
    if (inspection?.runsKnownTriggers === true) this.#byKnownTriggers += further;
    else this.#further += further;
    if (expectedRows !== undefined && direct !== expectedRows) {
      throw unexpected(
        this.#path,
        t`a statement changed ${counted(direct, 'row')} where ${expectedRows} were agreed to`,
      );
    }
    return changed;
  }

  /** How many rows of which tables the statements changed themselves. */
  get changedRows(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#rows);
  }

  /**
   * Throws `unexpected-changes` unless as many rows changed in all as was agreed; with `undefined`, unless triggers and
   * foreign keys changed none. Known triggers, and any where a person allowed them, may change more: tells how many.
   */
  refuseUnagreed(agreed: number | undefined): number {
    const all = this.#direct + this.#further;
    const more = all - (agreed ?? this.#direct);
    if (more === 0 || (this.#allowTriggers && more > 0)) return more + this.#byKnownTriggers;
    throw unexpected(
      this.#path,
      agreed === undefined
        ? t`triggers or foreign keys changed ${counted(more, 'more row')} than agreed to`
        : t`the change would come to ${counted(all, 'row')} where ${counted(agreed, 'row')} were agreed to`,
    );
  }

  #count(sql: string, rows: number): void {
    const table = tableOf(sql) ?? 'an unknown table';
    this.#rows.set(table, (this.#rows.get(table) ?? 0) + rows);
  }

  #totalChanges(): number {
    return Number(this.#db.all('SELECT total_changes() AS n')[0]?.n ?? 0);
  }

  #inspect(sql: string): Inspection {
    const program = this.#db.all(`EXPLAIN ${sql}`);
    if (program.some(({ opcode }) => opcode === 'VUpdate')) throw virtualTable(this.#path, sql);
    // The first is that of the statement itself, the others those of triggers and foreign keys.
    const [, ...programs] = program.filter(({ opcode }) => opcode === 'Init').map(({ p4 }) => p4);
    const names = programs.flatMap((p4) =>
      typeof p4 === 'string' && p4.startsWith(triggerMark) ? [p4.slice(triggerMark.length)] : [],
    );
    const foreign = [...new Set(names)].map((name) => this.#lookUp(name)).filter(({ isKnown }) => !isKnown);
    if (foreign.length > 0 && !this.#allowTriggers) throw triggersRefused(this.#path, foreign);
    return {
      checked: foreign.length > 0 ? sql : abortingOnConflict(sql),
      runsKnownTriggers: names.length > 0 && foreign.length === 0 && names.length === programs.length,
    };
  }

  #lookUp(name: string): ForeignTrigger & { readonly isKnown: boolean } {
    const rows = this.#db.all(
      `SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger' AND lower(name) = lower(?)`,
      [name],
    );
    const [row] = rows;
    const table = typeof row?.tbl_name === 'string' ? row.tbl_name : t`an unknown table`;
    return { name, table, isKnown: rows.length === 1 && isKnownTrigger(name, row?.sql ?? null) };
  }
}

/** What was found of a statement. */
interface Inspection {
  /** The statement as it may run. */
  readonly checked: string;
  /** Whether known triggers, and neither others nor foreign keys, may change rows besides. */
  readonly runsKnownTriggers: boolean;
}

/**
 * The same statement, ended by any constraint it violates. A table may say ON CONFLICT REPLACE, which deletes other rows
 * and counts none of them. Triggers would run by the same rule, so that those a person allowed are left to theirs.
 * https://www.sqlite.org/lang_conflict.html
 */
function abortingOnConflict(sql: string): string {
  return sql.replace(/^\s*(INSERT(?=\s+INTO\b)|UPDATE(?!\s+OR\b))/i, '$1 OR ABORT');
}

function unexpected(path: string, what: string): UserFacingError {
  return new UserFacingError(
    'unexpected-changes',
    t`Nothing was written to ${path}: ${what}.`,
    t`Look at the triggers and foreign keys of the database, then try again.`,
  );
}

function virtualTable(path: string, sql: string): UserFacingError {
  const table = tableOf(sql) ?? t`A table`;
  return new UserFacingError(
    'unsupported',
    t`Nothing was written to ${path}: ${table} is a virtual table, and Autopack makes none.`,
    t`Select the database that Autopack writes.`,
  );
}

/** The table that a statement of ours changes, by its name without quotes. */
function tableOf(sql: string): string | undefined {
  const [, quoted, plain] =
    /^\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+(?:"((?:[^"]|"")+)"|([^\s"(]+))/i.exec(sql) ?? [];
  return quoted?.replaceAll('""', '"') ?? plain;
}

function words(sql: string): string {
  return sql
    .replace(/\bIF\s+NOT\s+EXISTS\b/i, '')
    .trim()
    .replace(/;$/, '')
    .split(/\s+/)
    .join(' ')
    .toLowerCase();
}
