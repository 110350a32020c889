import { readSync } from 'node:fs';
import type { ByteImage } from '../../core/db/databasePorts.ts';

/** Read ahead at once: the pages of a table mostly lie in a row. In bytes. */
const aheadBytes = 512 * 1024;

/** So many pages elsewhere in a row mean that reading goes on there. */
const mostStrays = 4;

/** The bytes of a file that is open, read past every cache. Several threads may share a descriptor, for positions are given. */
export class DescriptorImage implements ByteImage {
  readonly byteLength: number;
  readonly #descriptor: number;
  readonly #ahead: Uint8Array;
  readonly #single = new Uint8Array(65_536);
  #start = 0;
  #end = 0;
  /** How many reads in a row were elsewhere. */
  #strays = 0;

  /** `ahead`: how many bytes are read ahead at once. */
  constructor(descriptor: number, byteLength: number, ahead = aheadBytes) {
    this.#ahead = new Uint8Array(ahead);
    this.#descriptor = descriptor;
    this.byteLength = byteLength;
  }

  read(position: number, length: number): Uint8Array {
    const from = position - this.#start;
    if (from >= 0 && position + length <= this.#end) {
      this.#strays = 0;
      return this.#ahead.subarray(from, from + length);
    }
    const isElsewhere = position < this.#start || position >= this.#end + this.#ahead.length;
    // A page elsewhere, as the rest of a long row, must not cost what was read ahead.
    if (isElsewhere && this.#end > 0 && length <= this.#single.length && this.#strays < mostStrays) {
      this.#strays += 1;
      return this.#fill(this.#single, position, length);
    }
    this.#strays = 0;
    const size = Math.max(length, Math.min(this.#ahead.length, this.byteLength - position));
    if (size > this.#ahead.length) return this.#fill(new Uint8Array(length), position, length);
    this.#fill(this.#ahead, position, size);
    this.#start = position;
    this.#end = position + size;
    return this.#ahead.subarray(0, length);
  }

  #fill(target: Uint8Array, position: number, length: number): Uint8Array {
    let done = 0;
    while (done < length) {
      const count = readSync(this.#descriptor, target, done, length - done, position + done);
      if (count === 0) break;
      done += count;
    }
    target.fill(0, done, length);
    return target.subarray(0, length);
  }
}
