import { rememberedTexts } from './scanColumn.ts';

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
export class TextCodes {
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
