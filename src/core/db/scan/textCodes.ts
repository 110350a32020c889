import { rememberedTexts } from './scanColumn.ts';

interface KnownText {
  readonly bytes: Uint8Array;
  readonly number: number;
  readonly next: KnownText | null;
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Gives the numbers of texts by their bytes, so that a text that occurs in a million rows becomes a string once. */
export class TextCodes {
  readonly #decode: (text: string) => number;
  readonly #byHash = new Map<number, KnownText>();
  #size = 0;
  /** Neighbours in a table mostly hold the same text. */
  #last: KnownText | null = null;

  constructor(decode: (text: string) => number) {
    this.#decode = decode;
  }

  /** The number of the text in these bytes. */
  number(bytes: Uint8Array, from: number, to: number): number {
    if (this.#last !== null && isSame(this.#last.bytes, bytes, from, to)) return this.#last.number;
    const hash = hashOf(bytes, from, to);
    const chain = this.#byHash.get(hash) ?? null;
    for (let known = chain; known !== null; known = known.next) {
      if (!isSame(known.bytes, bytes, from, to)) continue;
      this.#last = known;
      return known.number;
    }
    const own = bytes.slice(from, to);
    const known = { bytes: own, number: this.#decode(utf8.decode(own)), next: chain };
    if (this.#size < rememberedTexts) {
      this.#byHash.set(hash, known);
      this.#size += 1;
    }
    this.#last = known;
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
