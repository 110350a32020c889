import type { ByteImage } from '../databasePorts.ts';
import { headerLength } from '../databaseHeader.ts';
import { blockBytes, type PageCache } from './pageCache.ts';
import type { PageSet } from '../pages.ts';

/**
 * The database as SQLite in memory is to see it: the pages of the cache, with a header that says "rollback mode"
 * and a change counter of our own. SQLite drops the pages it keeps when that counter moves, which it looks at before
 * each statement; so whoever moves it sees every page that the next statement reads.
 */
export class SnapshotImage implements ByteImage {
  readonly byteLength: number;
  readonly storedBytes: number;
  readonly #cache: PageCache;
  readonly #pageSize: number;
  /** Called before each read; what it throws ends the query. */
  readonly #onRead: () => void;
  #changeCounter = 1;
  #recorders: PageSet[] = [];

  constructor(cache: PageCache, byteLength: number, storedBytes: number, onRead: () => void) {
    this.#cache = cache;
    this.byteLength = byteLength;
    this.storedBytes = storedBytes;
    this.#pageSize = cache.header?.pageSize ?? blockBytes;
    this.#onRead = onRead;
  }

  read(position: number, length: number): Uint8Array {
    this.#onRead();
    const first = Math.floor(position / this.#pageSize) + 1;
    const last = Math.floor((position + length - 1) / this.#pageSize) + 1;
    for (const pages of this.#recorders) for (let page = first; page <= last; page++) pages.add(page);
    const bytes = this.#cache.bytesAt(position);
    // A page never spans two blocks; only a copy of the whole image asks for more than that.
    const whole = bytes.length >= length ? bytes.subarray(0, length) : this.#gather(position, length);
    return position < headerLength ? this.#withOwnHeader(position, whole) : whole;
  }

  /** Runs `work` with every page noted that it reads, whatever SQLite kept from before. */
  record<T>(pages: PageSet, work: () => T): T {
    this.#changeCounter++;
    this.#recorders.push(pages);
    try {
      return work();
    } finally {
      this.#recorders.pop();
    }
  }

  /** Notes pages that a kept result was read from. */
  noteRead(pages: Iterable<number>): void {
    const outermost = this.#recorders;
    for (const page of pages) for (const recorder of outermost) recorder.add(page);
  }

  #gather(position: number, length: number): Uint8Array {
    const whole = new Uint8Array(length);
    for (let done = 0; done < length;) {
      const part = this.#cache.bytesAt(position + done);
      whole.set(part.subarray(0, length - done), done);
      done += part.length;
    }
    return whole;
  }

  #withOwnHeader(position: number, bytes: Uint8Array): Uint8Array {
    const header = this.#cache.bytesAt(0).slice(0, headerLength);
    const view = new DataView(header.buffer);
    // Where these two differ, SQLite does not trust the page count in the header (writers before 3.7 left it stale).
    const countIsValid = view.getUint32(24) === view.getUint32(92);
    header[18] = header[19] = 1;
    view.setUint32(24, this.#changeCounter);
    view.setUint32(92, countIsValid ? this.#changeCounter : this.#changeCounter - 1);
    const patched = bytes.slice();
    patched.set(header.subarray(position, position + bytes.length));
    return patched;
  }
}
