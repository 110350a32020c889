import type { SqlValue } from '../readDatabase.ts';
import type { ScanColumn } from './scanColumn.ts';
import { malformed } from './malformed.ts';
import type { TableLayout } from './tableLayout.ts';
import { TextCodes } from './textCodes.ts';

interface WantedColumn {
  readonly column: ScanColumn;
  readonly texts: TextCodes;
  /** What rows hold that were written before the column was added. */
  readonly absent: SqlValue;
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Bytes of content by serial type 0 to 9: https://www.sqlite.org/fileformat2.html#record_format */
const fixedLengths = Uint8Array.of(0, 1, 2, 3, 4, 6, 8, 8, 0, 0);

/** Turns rows in SQLite's record format into the numbers of their columns. */
export class RecordReader {
  readonly values: Float64Array;
  readonly #wanted: readonly WantedColumn[];
  /** For each position in a row, up to the last one wanted, which of the wanted columns is there, or -1. */
  readonly #slots: Int16Array;
  /** 1 where whole numbers are themselves what the column wants. */
  readonly #takesIntegers: Uint8Array;
  /** The wanted columns that the table lacks. */
  readonly #lacking: readonly number[];
  #at = 0;

  constructor(layout: TableLayout, columns: readonly ScanColumn[]) {
    this.values = new Float64Array(columns.length);
    this.#wanted = columns.map((column, slot) => ({
      column,
      texts: new TextCodes((text) => column.decode(text)),
      absent: layout.defaults[slot] ?? null,
    }));
    const positions = columns.map((_, slot) => layout.positions[slot] ?? -1);
    this.#slots = new Int16Array(Math.max(-1, ...positions) + 1).fill(-1);
    for (const [slot, position] of positions.entries()) if (position >= 0) this.#slots[position] = slot;
    this.#takesIntegers = Uint8Array.from(columns, ({ plain }) => (plain === 'integers' ? 1 : 0));
    this.#lacking = positions.flatMap((position, slot) => (position < 0 ? [slot] : []));
  }

  /**
   * Reads the record that begins at `start` into `values`. Says `false` where it needs bytes at or behind `end`,
   * for which the rest of the record must be fetched first. Runs for millions of rows: small numbers are decoded in place.
   */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    this.#at = start;
    const headerEnd = start + this.#varint(bytes);
    if (headerEnd > end) return false;
    const { values } = this;
    const slots = this.#slots;
    let at = this.#at;
    let content = headerEnd;
    let position = 0;
    for (; position < slots.length && at < headerEnd; position += 1) {
      let type = bytes[at] ?? 0;
      at += 1;
      if (type >= 0x80) {
        this.#at = at - 1;
        type = this.#varint(bytes);
        at = this.#at;
      }
      const next = content + contentLength(type);
      const slot = slots[position] ?? -1;
      if (slot >= 0) {
        if (next > end) return false;
        const isInteger = this.#takesIntegers[slot] === 1;
        if (isInteger && type === 2)
          values[slot] = (((bytes[content] ?? 0) << 24) >> 16) | (bytes[content + 1] ?? 0);
        else if (isInteger && type === 1) values[slot] = ((bytes[content] ?? 0) << 24) >> 24;
        else values[slot] = this.#number(slot, type, bytes, content, next);
      }
      content = next;
    }
    for (; position < slots.length; position += 1) this.#setAbsent(slots[position] ?? -1);
    for (const slot of this.#lacking) this.#setAbsent(slot);
    return true;
  }

  #setAbsent(slot: number): void {
    const wanted = this.#wanted[slot];
    if (wanted !== undefined) this.values[slot] = wanted.column.decode(wanted.absent);
  }

  #number(slot: number, type: number, bytes: Uint8Array, from: number, to: number): number {
    const wanted = this.#wanted[slot];
    if (wanted === undefined) return NaN;
    const { column, texts } = wanted;
    if (type >= 13 && type % 2 === 1) {
      if (column.repeats) return texts.number(bytes, from, to);
      return column.decodeBytes?.(bytes, from, to) ?? column.decode(utf8.decode(bytes.subarray(from, to)));
    }
    if (type >= 12) return column.decode(bytes.slice(from, to));
    if (type === 0) return column.decode(null);
    if (type === 7)
      return column.decode(new DataView(bytes.buffer, bytes.byteOffset + from, 8).getFloat64(0));
    if (type >= 8) return column.plain === undefined ? column.decode(type - 8) : type - 8;
    const value = integer(bytes, from, to);
    return column.plain === 'integers' ? value : column.decode(value);
  }

  /** A big-endian integer of 7 bits a byte; those of nine bytes do not occur in a record's header. */
  #varint(bytes: Uint8Array): number {
    let value = 0;
    for (let read = 0; read < 8; read += 1) {
      const byte = bytes[this.#at] ?? 0;
      this.#at += 1;
      value = value * 128 + (byte & 0x7f);
      if (byte < 0x80) return value;
    }
    throw malformed();
  }
}

function contentLength(type: number): number {
  if (type < 10) return fixedLengths[type] ?? 0;
  // Reserved, and never in a file.
  if (type < 12) throw malformed();
  return Math.floor(type / 2) - 6;
}

/** A big-endian integer in two's complement. Beyond 2^53 it is rounded, as every number of JavaScript. */
function integer(bytes: Uint8Array, from: number, to: number): number {
  let value = ((bytes[from] ?? 0) << 24) >> 24;
  for (let at = from + 1; at < to; at += 1) value = value * 256 + (bytes[at] ?? 0);
  return value;
}
