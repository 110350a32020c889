import { CancelledError } from '../../errors.ts';
import { t } from '../../text/l10n.ts';
import { LogSampleColumns, LogSampleRows, type LogSampleList } from './logSamples.ts';
import { parseTelemetryLogLine } from './telemetryLogLine.ts';

/** What a log holds of telemetry, in its order. */
export interface TelemetryLog {
  readonly samples: LogSampleList;
  /** How many lines were meant to be samples, but were cut off or garbled. */
  readonly damaged: number;
}

/**
 * Reads a log in UTF-8 or UTF-16 piece by piece, so that its size does not matter, into columns that several logs may share.
 * Rejects with `CancelledError` when the signal fires, and with what `pieces` throws.
 */
export async function readTelemetryLog(
  pieces: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
  columns = new LogSampleColumns(),
): Promise<TelemetryLog & { readonly samples: LogSampleRows }> {
  const from = columns.length;
  const scanner = new TelemetryLogScanner(columns);
  const decoder = new LogDecoder();
  for await (const piece of pieces) {
    if (signal?.aborted === true) throw new CancelledError(t`Reading the log`);
    scanner.push(decoder.push(piece));
  }
  scanner.push(decoder.finish());
  scanner.finish();
  return { samples: new LogSampleRows(columns, from), damaged: scanner.damaged };
}

const nothing = new Uint8Array(0);
/** Enough to tell the encoding by, in bytes. */
const sampleBytes = 512;

/**
 * Turns a log in UTF-16, as Windows PowerShell redirects one, into UTF-8; anything else passes unchanged. The byte order
 * mark tells the encoding, or, without one, the zero bytes between the letters of mostly English text.
 */
class LogDecoder {
  readonly #encoder = new TextEncoder();
  /** The first bytes, until there are enough of them. */
  #head: Uint8Array | null = nothing;
  #decoder: InstanceType<typeof TextDecoder> | null = null;

  /** The same bytes or their text in UTF-8; the first ones may come with the next call. */
  push(bytes: Uint8Array): Uint8Array {
    if (this.#head === null) return this.#convert(bytes);
    const head = joinBytes(this.#head, bytes);
    if (head.length < sampleBytes) {
      // The caller may use its buffer again.
      this.#head = head;
      return nothing;
    }
    return this.#begin(head);
  }

  /** What is left at the end of the log. */
  finish(): Uint8Array {
    const rest = this.#head === null ? nothing : this.#begin(this.#head);
    return this.#decoder === null
      ? rest
      : joinBytes(rest, this.#encoder.encode(this.#decoder.decode(nothing)));
  }

  #begin(head: Uint8Array): Uint8Array {
    this.#head = null;
    const encoding = encodingOf(head);
    if (encoding !== null) this.#decoder = new TextDecoder(encoding);
    return this.#convert(head);
  }

  #convert(bytes: Uint8Array): Uint8Array {
    return this.#decoder === null
      ? bytes
      : this.#encoder.encode(this.#decoder.decode(bytes, { stream: true }));
  }
}

function encodingOf(head: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const zeros = [0, 0] as [number, number];
  for (const [at, byte] of head.entries()) if (byte === 0) zeros[at % 2 === 0 ? 0 : 1] += 1;
  const pairs = head.length / 2;
  const [high, low] = zeros;
  // Other binary content has zeros at both places.
  if (low > 0.5 * pairs && high < 0.1 * pairs) return 'utf-16le';
  return high > 0.5 * pairs && low < 0.1 * pairs ? 'utf-16be' : null;
}

function joinBytes(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}

/** No line of a log is longer; what follows up to the next break is dropped, so that no file fills the memory. In bytes. */
const longestLine = 64 * 1024;
const lineBreak = 10;
const bracket = 91;
const [letterT, letterO] = [84, 111];
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

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
