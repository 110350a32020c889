import type { SqlValue } from '../../core/db/databasePorts.ts';

/** A value of a change; integers beyond the exact range of a number are `bigint`, `undefined` is "not part of it". */
export type ChangedValue = SqlValue | bigint;

/** One row that was changed, with values in the order of the table's columns. */
export interface RowChange {
  readonly kind: 'insert' | 'update' | 'delete';
  /** Made by a foreign key or a trigger, and by no statement. */
  readonly isIndirect: boolean;
  /** Before: of an update the primary key and what it changed, of a deletion the whole row, of an insertion nothing. */
  readonly old: readonly (ChangedValue | undefined)[];
  /** After: of an update what it changed, of an insertion the whole row, of a deletion nothing. */
  readonly new: readonly (ChangedValue | undefined)[];
}

/** What changed in one table. */
export interface TableChanges {
  readonly table: string;
  /** For each column, its place in the primary key from 1 on, or 0. */
  readonly primaryKey: readonly number[];
  readonly rows: readonly RowChange[];
}

const tableMark = 0x54;
const kinds: ReadonlyMap<number, RowChange['kind']> = new Map([
  [18, 'insert'],
  [23, 'update'],
  [9, 'delete'],
]);
/** SQLite takes no more columns in a table. */
const mostColumns = 32_767;

/**
 * Reads a changeset of SQLite's session extension (the format is told at the top of sqlite3session.c): for each table `T`,
 * its number of columns, a byte of its primary key each and its name; then its changes, with old and new values.
 * Throws where the bytes are none.
 */
export function parseChangeset(bytes: Uint8Array): TableChanges[] {
  const reader = new ByteReader(bytes);
  const tables: TableChanges[] = [];
  let rows: RowChange[] = [];
  let columns = 0;
  while (!reader.isAtEnd) {
    const mark = reader.byte();
    if (mark === tableMark) {
      columns = reader.varint();
      if (columns < 1 || columns > mostColumns) throw nonsense();
      const primaryKey = [...reader.bytes(columns)];
      rows = [];
      tables.push({ table: reader.name(), primaryKey, rows });
      continue;
    }
    const kind = kinds.get(mark);
    if (kind === undefined || tables.length === 0) throw nonsense();
    const isIndirect = reader.byte() !== 0;
    const old = kind === 'insert' ? [] : reader.record(columns);
    rows.push({ kind, isIndirect, old, new: kind === 'delete' ? [] : reader.record(columns) });
  }
  return tables;
}

/** Reads forward, and never beyond the end. */
class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #text = new TextDecoder('utf-8', { ignoreBOM: true });
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    return this.#bytes[this.#take(1)] ?? 0;
  }

  bytes(length: number): Uint8Array {
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** Seven bits a byte, the highest first, of at most 32 bits. */
  varint(): number {
    let value = 0;
    for (let count = 0; count < 5; count++) {
      const next = this.byte();
      value = value * 128 + (next & 0x7f);
      if (next < 0x80) return value;
    }
    throw nonsense();
  }

  /** Up to a byte of zero. */
  name(): string {
    const end = this.#bytes.indexOf(0, this.#at);
    if (end < 0) throw nonsense();
    const name = this.#text.decode(this.bytes(end - this.#at));
    this.byte();
    return name;
  }

  record(columns: number): (ChangedValue | undefined)[] {
    return Array.from({ length: columns }, () => this.#value());
  }

  #value(): ChangedValue | undefined {
    const type = this.byte();
    switch (type) {
      case 0:
        return undefined;
      case 1: {
        const value = this.#view.getBigInt64(this.#take(8));
        const plain = Number(value);
        return Number.isSafeInteger(plain) ? plain : value;
      }
      case 2:
        return this.#view.getFloat64(this.#take(8));
      case 3:
        return this.#text.decode(this.bytes(this.varint()));
      case 4:
        return this.bytes(this.varint()).slice();
      case 5:
        return null;
      default:
        throw nonsense();
    }
  }

  /** Moves on, and tells from where. */
  #take(length: number): number {
    const start = this.#at;
    if (length > this.#bytes.length - start) throw nonsense();
    this.#at = start + length;
    return start;
  }
}

function nonsense(): Error {
  return new Error('These bytes are no changeset of SQLite.');
}
