import { pageSizeOf } from '../databaseHeader.ts';
import type { PageLayer } from '../pages.ts';
import type { SourceFile } from './sourceFiles.ts';

// https://www.sqlite.org/fileformat2.html#the_write_ahead_log
const headerBytes = 32;
const frameHeaderBytes = 24;
const magicLittleEndian = 0x377f0682;
const magicBigEndian = 0x377f0683;
const formatVersion = 3_007_000;

/**
 * The committed frames of one generation of a `-wal` file, read without its `-shm` index.
 * Frames count while their salts are the header's and the running checksum holds, up to the last commit; later ones win.
 */
export class WalFile implements PageLayer {
  readonly pageSize: number;
  readonly #file: SourceFile;
  readonly #header: Uint8Array;
  readonly #littleEndian: boolean;
  readonly #frameOfPage = new Map<number, number>();
  /** As it stands behind the last commit: the next frame's checksum goes on from here. */
  #checksum: WalChecksum;
  #committedFrames = 0;
  #pageCount = 0;

  private constructor(
    file: SourceFile,
    header: Uint8Array,
    pageSize: number,
    littleEndian: boolean,
    checksum: WalChecksum,
  ) {
    this.#file = file;
    this.#header = header;
    this.pageSize = pageSize;
    this.#littleEndian = littleEndian;
    this.#checksum = checksum;
  }

  /** Reads the header; `null` where it is none, for SQLite too takes such a file for an empty WAL. */
  static open(file: SourceFile): WalFile | null {
    const header = new Uint8Array(headerBytes);
    if (file.read(0, header) < headerBytes) return null;
    const view = new DataView(header.buffer);
    const magic = view.getUint32(0);
    if (magic !== magicLittleEndian && magic !== magicBigEndian) return null;
    const pageSize = pageSizeOf(view.getUint32(8));
    if (pageSize === null || view.getUint32(4) !== formatVersion) return null;
    const littleEndian = magic === magicLittleEndian;
    const checksum = new WalChecksum(0, 0).add(header.subarray(0, 24), littleEndian);
    if (!checksum.equals(view.getUint32(24), view.getUint32(28))) return null;
    return new WalFile(file, header, pageSize, littleEndian, checksum);
  }

  /** How many pages the database has after the last commit; 0 without a commit. */
  get pageCount(): number {
    return this.#pageCount;
  }

  get committedFrames(): number {
    return this.#committedFrames;
  }

  /** Names the committed state within this file: generation, frames, checksum. */
  get position(): string {
    return `${this.generation}:${this.#committedFrames}:${this.#checksum.toString()}`;
  }

  /** Another one means that the file was started anew over its old frames. */
  get generation(): string {
    return [...this.#header.subarray(12, 24)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  }

  /** Whether the file, `size` bytes long, still begins with the header this object was made from and holds its frames. */
  isSameGeneration(size: number): boolean {
    if (size < this.#offsetOf(this.#committedFrames)) return false;
    const header = new Uint8Array(headerBytes);
    return this.#file.read(0, header) === headerBytes && header.every((byte, i) => byte === this.#header[i]);
  }

  /** Takes in what was committed since the last call and returns the pages it changed. */
  advance(): ReadonlySet<number> {
    const changed = new Set<number>();
    const frame = new Uint8Array(frameHeaderBytes + this.pageSize);
    const view = new DataView(frame.buffer);
    const salts = new DataView(this.#header.buffer, 16, 8);
    const uncommitted = new Map<number, number>();
    let checksum = this.#checksum;
    for (let index = this.#committedFrames; ; index++) {
      if (this.#file.read(this.#offsetOf(index), frame) < frame.length) break;
      if (view.getUint32(8) !== salts.getUint32(0) || view.getUint32(12) !== salts.getUint32(4)) break;
      const page = view.getUint32(0);
      checksum = checksum
        .add(frame.subarray(0, 8), this.#littleEndian)
        .add(frame.subarray(frameHeaderBytes), this.#littleEndian);
      if (page === 0 || !checksum.equals(view.getUint32(16), view.getUint32(20))) break;
      uncommitted.set(page, index);
      const pageCount = view.getUint32(4);
      if (pageCount === 0) continue;
      for (const [committedPage, at] of uncommitted) {
        this.#frameOfPage.set(committedPage, at);
        changed.add(committedPage);
      }
      uncommitted.clear();
      this.#checksum = checksum;
      this.#committedFrames = index + 1;
      this.#pageCount = pageCount;
    }
    return changed;
  }

  has(page: number): boolean {
    return this.#frameOfPage.has(page);
  }

  read(page: number, from: number, target: Uint8Array): void {
    const frame = this.#frameOfPage.get(page) ?? 0;
    const there = this.#file.read(this.#offsetOf(frame) + frameHeaderBytes + from, target);
    // The file was cut behind our back: whoever looks next sees that it moved.
    target.fill(0, there);
  }

  #offsetOf(frame: number): number {
    return headerBytes + frame * (frameHeaderBytes + this.pageSize);
  }
}

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
