const nativeLittleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/** The running checksum of a WAL (file format, section 4.2): two sums over 32-bit words, in the byte order its magic names. */
export class WalChecksum {
  readonly #first: number;
  readonly #second: number;

  constructor(first: number, second: number) {
    this.#first = first;
    this.#second = second;
  }

  /** Goes on over `bytes`, whose length is a multiple of 8. */
  add(bytes: Uint8Array, littleEndian: boolean): WalChecksum {
    let first = this.#first;
    let second = this.#second;
    if (littleEndian === nativeLittleEndian && bytes.byteOffset % 4 === 0) {
      const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
      for (let i = 0; i < words.length; i += 2) {
        first = (first + (words[i] ?? 0) + second) | 0;
        second = (second + (words[i + 1] ?? 0) + first) | 0;
      }
    } else {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      for (let at = 0; at < bytes.length; at += 8) {
        first = (first + view.getUint32(at, littleEndian) + second) | 0;
        second = (second + view.getUint32(at + 4, littleEndian) + first) | 0;
      }
    }
    return new WalChecksum(first >>> 0, second >>> 0);
  }

  equals(first: number, second: number): boolean {
    return this.#first === first && this.#second === second;
  }

  toString(): string {
    return `${this.#first.toString(16)}.${this.#second.toString(16)}`;
  }
}
