import type { SqlValue } from '../databasePorts.ts';
import { rememberedTexts, malformed, type ScanColumn, type TableLayout } from './tableLayout.ts';

interface KnownText {
  readonly bytes: Uint8Array;
  readonly number: number;
  readonly next: KnownText | null;
}

const wordBytes = 4;
/** Texts of at most so many bytes are told apart by their length and the two words at either end, which may overlap. */
const longest = 4 * wordBytes;
/** Neighbours in a table mostly hold one of a few texts. A power of two. */
const recentTexts = 256;
/** A recent text is its length and one, four words, and its number. */
const recentSize = 6;

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Gives the numbers of texts by their bytes, so that a text that occurs in a million rows becomes a string once. */
class TextCodes {
  readonly #decode: (text: string) => number;
  readonly #byHash = new Map<number, KnownText>();
  #size = 0;
  readonly #recent = new Int32Array(recentTexts * recentSize);

  constructor(decode: (text: string) => number) {
    this.#decode = decode;
  }

  /** The number of the text in these bytes, all of which `view` has. Called for each text of millions of rows. */
  number(view: DataView, from: number, length: number): number {
    if (length > longest) return this.#find(view, from, length);
    const isWord = length >= wordBytes;
    const first = isWord ? view.getInt32(from) : partOfWord(view, from, length);
    const last = isWord ? view.getInt32(from + length - wordBytes) : 0;
    const isLong = length > 2 * wordBytes;
    const second = isLong ? view.getInt32(from + wordBytes) : 0;
    const beforeLast = isLong ? view.getInt32(from + length - 2 * wordBytes) : 0;
    const mixed =
      Math.imul(first + 31 * second, 0x9e37_79b1) ^ Math.imul(last + 31 * beforeLast, 0x85eb_ca6b);
    const at = ((mixed ^ (mixed >>> 15)) & (recentTexts - 1)) * recentSize;
    const recent = this.#recent;
    if (
      recent[at] === length + 1 &&
      recent[at + 1] === first &&
      recent[at + 2] === last &&
      recent[at + 3] === second &&
      recent[at + 4] === beforeLast
    )
      return recent[at + 5] ?? 0;
    const number = this.#find(view, from, length);
    recent[at] = length + 1;
    recent[at + 1] = first;
    recent[at + 2] = last;
    recent[at + 3] = second;
    recent[at + 4] = beforeLast;
    recent[at + 5] = number;
    return number;
  }

  #find(view: DataView, from: number, length: number): number {
    const bytes = new Uint8Array(view.buffer, view.byteOffset + from, length);
    const hash = hashOf(view, from, length);
    const chain = this.#byHash.get(hash) ?? null;
    for (let known = chain; known !== null; known = known.next)
      if (isSame(known.bytes, bytes)) return known.number;
    const own = bytes.slice();
    const known = { bytes: own, number: this.#decode(utf8.decode(own)), next: chain };
    if (this.#size < rememberedTexts) {
      this.#byHash.set(hash, known);
      this.#size += 1;
    }
    return known.number;
  }
}

function partOfWord(view: DataView, from: number, length: number): number {
  let word = 0;
  for (let at = from; at < from + length; at += 1) word = word * 256 + view.getUint8(at);
  return word;
}

function isSame(known: Uint8Array, bytes: Uint8Array): boolean {
  if (known.length !== bytes.length) return false;
  for (let at = known.length - 1; at >= 0; at -= 1) if (known[at] !== bytes[at]) return false;
  return true;
}

/** FNV-1a, 32 bits, by words and then by bytes: http://www.isthe.com/chongo/tech/comp/fnv/ */
function hashOf(view: DataView, from: number, length: number): number {
  let hash = 0x811c9dc5;
  let at = from;
  for (const end = from + length - (length % wordBytes); at < end; at += wordBytes) {
    hash = Math.imul(hash ^ view.getInt32(at), 0x01000193);
    // Multiplying moves nothing down: without this, upper bits would be lost.
    hash ^= hash >>> 15;
  }
  for (; at < from + length; at += 1) hash = Math.imul(hash ^ view.getUint8(at), 0x01000193);
  return hash;
}

interface WantedColumn {
  readonly column: ScanColumn;
  /** What rows hold that were written before the column was added. */
  readonly absent: SqlValue;
}

/** Serial types below this take one byte in a record's header. */
const oneByteTypes = 128;
/** Bytes of content by serial type; 10 and 11 are reserved: https://www.sqlite.org/fileformat2.html#record_format */
const lengths = Uint8Array.from({ length: oneByteTypes }, (_, type) =>
  type < 12 ? ([0, 1, 2, 3, 4, 6, 8, 8, 0, 0][type] ?? 0) : Math.floor(type / 2) - 6,
);

/** What a column takes as it is, without a call of its `decode`. */
const plain = { nothing: 0, integers: 1, flags: 2, texts: 3 } as const;

/** Turns rows in SQLite's record format into the numbers of their columns. */
export class RecordReader {
  readonly values: Float64Array;
  readonly #wanted: readonly WantedColumn[];
  /** For each position in a row, up to the last one wanted, which of the wanted columns is there, or -1. */
  readonly #slots: Int16Array;
  /** For each wanted column what it takes as it is. */
  readonly #plain: Uint8Array;
  readonly #texts: readonly TextCodes[];
  /** The wanted columns that the table lacks. */
  readonly #lacking: readonly number[];
  #bytes: Uint8Array = new Uint8Array();
  #view: DataView = new DataView(new ArrayBuffer(0));
  #at = 0;

  constructor(layout: TableLayout, columns: readonly ScanColumn[]) {
    this.values = new Float64Array(columns.length);
    this.#wanted = columns.map((column, slot) => ({ column, absent: layout.defaults[slot] ?? null }));
    this.#texts = columns.map((column) => new TextCodes((text) => column.decode(text)));
    const positions = columns.map((_, slot) => layout.positions[slot] ?? -1);
    this.#slots = new Int16Array(Math.max(-1, ...positions) + 1).fill(-1);
    for (const [slot, position] of positions.entries()) if (position >= 0) this.#slots[position] = slot;
    this.#plain = Uint8Array.from(columns, (column) =>
      column.repeats ? plain.texts : plain[column.plain ?? 'nothing'],
    );
    this.#lacking = positions.flatMap((position, slot) => (position < 0 ? [slot] : []));
  }

  /** Records are read from these bytes from now on. */
  use(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /**
   * Reads the record that begins at `start` into `values`. Says `false` where it needs bytes at or behind `end`, for which
   * the rest of the record must be fetched first. Runs for millions of rows: what is common is decoded in place.
   */
  read(start: number, end: number): boolean {
    const { values } = this;
    const bytes = this.#bytes;
    const slots = this.#slots;
    const plainOf = this.#plain;
    let at = start + 1;
    let headerEnd = start + (bytes[start] ?? 0);
    if (headerEnd >= start + 0x80) {
      this.#at = start;
      headerEnd = start + this.#varint();
      at = this.#at;
    }
    if (headerEnd > end) return false;
    let content = headerEnd;
    let position = 0;
    for (; position < slots.length && at < headerEnd; position += 1) {
      let type = bytes[at] ?? 0;
      at += 1;
      let length = lengths[type] ?? 0;
      if (type >= oneByteTypes) {
        this.#at = at - 1;
        type = this.#varint();
        at = this.#at;
        length = contentLength(type);
      }
      const from = content;
      content += length;
      const slot = slots[position] ?? -1;
      if (slot < 0) continue;
      if (content > end) return false;
      const kind = plainOf[slot];
      if (kind === plain.texts && type >= 13 && type % 2 === 1)
        values[slot] = this.#texts[slot]?.number(this.#view, from, length) ?? NaN;
      else if (kind === plain.integers && type === 2)
        values[slot] = (((bytes[from] ?? 0) << 24) >> 16) | (bytes[from + 1] ?? 0);
      else if (kind === plain.integers && type === 1) values[slot] = ((bytes[from] ?? 0) << 24) >> 24;
      else if (kind === plain.flags && (type === 8 || type === 9)) values[slot] = type - 8;
      else values[slot] = this.#number(slot, type, from, content);
    }
    for (; position < slots.length; position += 1) this.#setAbsent(slots[position] ?? -1);
    for (const slot of this.#lacking) this.#setAbsent(slot);
    return true;
  }

  #setAbsent(slot: number): void {
    const wanted = this.#wanted[slot];
    if (wanted !== undefined) this.values[slot] = wanted.column.decode(wanted.absent);
  }

  #number(slot: number, type: number, from: number, to: number): number {
    const column = this.#wanted[slot]?.column;
    if (column === undefined) return NaN;
    const bytes = this.#bytes;
    if (type >= 13 && type % 2 === 1)
      return column.decodeBytes?.(bytes, from, to) ?? column.decode(utf8.decode(bytes.subarray(from, to)));
    if (type >= 12) return column.decode(bytes.slice(from, to));
    // Reserved, and never in a file.
    if (type === 10 || type === 11) throw malformed();
    if (type === 0) return column.decode(null);
    if (type === 7) return column.decode(this.#view.getFloat64(from));
    const value = type >= 8 ? type - 8 : integer(bytes, from, to);
    return column.plain === 'integers' ? value : column.decode(value);
  }

  /** A big-endian integer of 7 bits a byte; those of nine bytes do not occur in a record's header. */
  #varint(): number {
    let value = 0;
    for (let read = 0; read < 8; read += 1) {
      const byte = this.#bytes[this.#at] ?? 0;
      this.#at += 1;
      value = value * 128 + (byte & 0x7f);
      if (byte < 0x80) return value;
    }
    throw malformed();
  }
}

/** Of a serial type that takes several bytes, and so stands for text or bytes. */
function contentLength(type: number): number {
  return Math.floor(type / 2) - 6;
}

/** A big-endian integer in two's complement. Beyond 2^53 it is rounded, as every number of JavaScript. */
function integer(bytes: Uint8Array, from: number, to: number): number {
  let value = ((bytes[from] ?? 0) << 24) >> 24;
  for (let at = from + 1; at < to; at += 1) value = value * 256 + (bytes[at] ?? 0);
  return value;
}
