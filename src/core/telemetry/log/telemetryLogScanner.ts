import { parseTelemetryLogLine } from './telemetryLogLine.ts';
import type { LogSampleColumns } from './logSampleColumns.ts';

/** No line of a log is longer; what follows up to the next break is dropped, so that no file fills the memory. In bytes. */
const longestLine = 64 * 1024;
const lineBreak = 10;
const bracket = 91;
const [letterT, letterO] = [84, 111];
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const nothing = new Uint8Array(0);

/**
 * Finds the samples in a log that comes in pieces of any length, as UTF-8; what is not UTF-8 becomes U+FFFD. Of lines
 * without the marker only the breaks are looked at: a log consists of them.
 */
export class TelemetryLogScanner {
  readonly #columns: LogSampleColumns;
  /** The beginning of a line whose break has not come yet. */
  #rest: Uint8Array = nothing;
  #line = 0;
  #damaged = 0;

  constructor(columns: LogSampleColumns) {
    this.#columns = columns;
  }

  /** How many lines were meant to be samples, but were cut off or garbled. */
  get damaged(): number {
    return this.#damaged;
  }

  /** Reads on. The bytes are not kept. */
  push(bytes: Uint8Array): void {
    let start = 0;
    let marker = nextMarker(bytes, 0);
    for (let end = bytes.indexOf(lineBreak); end !== -1; end = bytes.indexOf(lineBreak, start)) {
      this.#line += 1;
      if (this.#rest.length > 0) {
        this.#keep(bytes, start, end);
        this.#read(this.#rest);
        this.#rest = nothing;
      } else if (marker < end) {
        this.#read(bytes.subarray(start, Math.min(end, start + longestLine)));
      }
      start = end + 1;
      if (marker < start) marker = nextMarker(bytes, start);
    }
    this.#keep(bytes, start, bytes.length);
  }

  /** Reads a last line that has no break. */
  finish(): void {
    if (this.#rest.length === 0) return;
    this.#line += 1;
    this.#read(this.#rest);
    this.#rest = nothing;
  }

  #keep(bytes: Uint8Array, start: number, end: number): void {
    const more = Math.min(end - start, longestLine - this.#rest.length);
    if (more <= 0) return;
    const joined = new Uint8Array(this.#rest.length + more);
    joined.set(this.#rest);
    joined.set(bytes.subarray(start, start + more), this.#rest.length);
    this.#rest = joined;
  }

  #read(line: Uint8Array): void {
    for (const read of parseTelemetryLogLine(utf8.decode(withoutZeros(line)))) {
      if (read.kind === 'sample') this.#columns.push(read.sample, this.#line);
      else this.#damaged += 1;
    }
  }
}

/** Where the next `[To` begins, as the marker does, or beyond every index. */
function nextMarker(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(bracket, from); at !== -1; at = bytes.indexOf(bracket, at + 1)) {
    const step = bytes[at + 1] === 0 ? 2 : 1;
    if (bytes[at + step] === letterT && bytes[at + 2 * step] === letterO) return at;
  }
  return Infinity;
}

/** Lines of UTF-16 within a log of another encoding, as `>>` appends them: the marker's letters have zeros between them. */
function withoutZeros(line: Uint8Array): Uint8Array {
  const marker = nextMarker(line, 0);
  return line[marker + 1] === 0 ? line.filter((byte) => byte !== 0) : line;
}
