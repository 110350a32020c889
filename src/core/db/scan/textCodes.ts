import { rememberedTexts } from './scanColumn.ts';

interface KnownText {
  readonly bytes: Uint8Array;
  readonly number: number;
  readonly next: KnownText | null;
}

/** A power of two. */
const recentTexts = 64;

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Gives the numbers of texts by their bytes, so that a text that occurs in a million rows becomes a string once. */
export class TextCodes {
  readonly #decode: (text: string) => number;
  readonly #byHash = new Map<number, KnownText>();
  #size = 0;
  /** Neighbours in a table mostly hold one of a few texts: the last met of each length and ending. */
  readonly #recent = new Array<KnownText | null>(recentTexts).fill(null);

  constructor(decode: (text: string) => number) {
    this.#decode = decode;
  }

  /** The number of the text in these bytes. */
  number(bytes: Uint8Array, from: number, to: number): number {
    const ending = (bytes[to - 1] ?? 0) + 3 * (bytes[to - 2] ?? 0) + 7 * (to - from);
    const place = ending & (recentTexts - 1);
    const recent = this.#recent[place] ?? null;
    if (recent !== null && isSame(recent.bytes, bytes, from, to)) return recent.number;
    const hash = hashOf(bytes, from, to);
    const chain = this.#byHash.get(hash) ?? null;
    for (let known = chain; known !== null; known = known.next) {
      if (!isSame(known.bytes, bytes, from, to)) continue;
      this.#recent[place] = known;
      return known.number;
    }
    const own = bytes.slice(from, to);
    const known = { bytes: own, number: this.#decode(utf8.decode(own)), next: chain };
    if (this.#size < rememberedTexts) {
      this.#byHash.set(hash, known);
      this.#size += 1;
    }
    this.#recent[place] = known;
    return known.number;
  }
}

function isSame(known: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  if (known.length !== to - from) return false;
  for (let at = known.length - 1; at >= 0; at -= 1) if (known[at] !== bytes[from + at]) return false;
  return true;
}

/** FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < to; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  return hash;
}
