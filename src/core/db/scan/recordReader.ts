import type { SqlValue } from '../readDatabase.ts';
import type { ScanColumn } from './scanColumn.ts';
import { malformed } from './malformed.ts';
import type { TableLayout } from './tableLayout.ts';
import { TextCodes } from './textCodes.ts';

interface WantedColumn {
  readonly column: ScanColumn;
  /** Where its number goes. */
  readonly slot: number;
  readonly position: number;
  readonly absent: SqlValue;
  readonly texts: TextCodes;
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Bytes of content by serial type 0 to 9: https://www.sqlite.org/fileformat2.html#record_format */
const fixedLengths = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];

/** Turns rows in SQLite's record format into the numbers of their columns. */
export class RecordReader {
  readonly values: Float64Array;
  /** In the order of their positions in a row; those the table lacks come first. */
  readonly #wanted: readonly WantedColumn[];
  #at = 0;

  constructor(layout: TableLayout, columns: readonly ScanColumn[]) {
    this.values = new Float64Array(columns.length);
    this.#wanted = columns
      .map((column, slot) => ({
        column,
        slot,
        position: layout.positions[slot] ?? -1,
        absent: layout.defaults[slot] ?? null,
        texts: new TextCodes((text) => column.decode(text)),
      }))
      .sort((a, b) => a.position - b.position);
  }

  /**
   * Reads the record that begins at `start` into `values`. Says `false` where it needs bytes at or behind `end`,
   * for which the rest of the record must be fetched first.
   */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    this.#at = start;
    const headerEnd = start + this.#varint(bytes);
    if (headerEnd > end) return false;
    let content = headerEnd;
    let position = 0;
    for (const wanted of this.#wanted) {
      while (position < wanted.position && this.#at < headerEnd) {
        content += contentLength(this.#varint(bytes));
        position += 1;
      }
      if (wanted.position < 0 || this.#at >= headerEnd) {
        this.values[wanted.slot] = wanted.column.decode(wanted.absent);
        continue;
      }
      const type = this.#varint(bytes);
      const next = content + contentLength(type);
      if (next > end) return false;
      this.values[wanted.slot] = numberOf(wanted, type, bytes, content, next);
      content = next;
      position += 1;
    }
    return true;
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
  // Reserved, and never in a file.
  if (type === 10 || type === 11) throw malformed();
  return type < 10 ? (fixedLengths[type] ?? 0) : Math.floor(type / 2) - 6;
}

function numberOf(wanted: WantedColumn, type: number, bytes: Uint8Array, from: number, to: number): number {
  const { column, texts } = wanted;
  if (type >= 13 && type % 2 === 1) {
    if (column.repeats) return texts.number(bytes, from, to);
    return column.decodeBytes?.(bytes, from, to) ?? column.decode(utf8.decode(bytes.subarray(from, to)));
  }
  if (type >= 12) return column.decode(bytes.slice(from, to));
  if (type === 0) return column.decode(null);
  if (type === 7) return column.decode(new DataView(bytes.buffer, bytes.byteOffset + from, 8).getFloat64(0));
  if (type >= 8) return column.plain === undefined ? column.decode(type - 8) : type - 8;
  const value = integer(bytes, from, to);
  return column.plain === 'integers' ? value : column.decode(value);
}

/** A big-endian integer in two's complement. Beyond 2^53 it is rounded, as every number of JavaScript. */
function integer(bytes: Uint8Array, from: number, to: number): number {
  let value = ((bytes[from] ?? 0) << 24) >> 24;
  for (let at = from + 1; at < to; at += 1) value = value * 256 + (bytes[at] ?? 0);
  return value;
}
