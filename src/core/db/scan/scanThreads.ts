import type { ByteImage } from '../databasePorts.ts';

/** Memory that threads share, to take turns in: the number of the chunk to be read next. */
export type SharedCounter = Int32Array<SharedArrayBuffer>;

/** What threads need to know of a scan; all of it can be sent to one. */
export interface SharedScan<Task> {
  readonly task: Task;
  /** The pages to read, in the order of the table's rows. */
  readonly pages: Uint32Array<SharedArrayBuffer>;
  readonly next: SharedCounter;
  /** Of the database, in bytes. */
  readonly byteLength: number;
}

/** A chunk's length in pages: long enough that taking it costs nothing, short enough that no thread waits for the last one. */
const chunkPages = 256;

/** Calls `read` for each page of the chunks that no other thread takes, and `onChunk` before each chunk. */
export function readSharedPages(
  { pages, next }: Pick<SharedScan<unknown>, 'pages' | 'next'>,
  onChunk: () => void,
  read: (page: number) => void,
): void {
  const chunks = Math.ceil(pages.length / chunkPages);
  for (;;) {
    const chunk = Atomics.add(next, 0, 1);
    // Others may go on counting, but not for so long that the number overflows.
    if (chunk >= chunks) return;
    onChunk();
    const end = Math.min(pages.length, (chunk + 1) * chunkPages);
    for (let at = chunk * chunkPages; at < end; at += 1) read(pages[at] ?? 0);
  }
}

/** Ends a shared scan: no thread takes another chunk. */
export function endSharedScan({ next }: Pick<SharedScan<unknown>, 'next'>): void {
  Atomics.store(next, 0, 2 ** 30);
}

/** Threads at work on a scan. */
export interface ScanHelpers<Part> {
  /** Waits until none of them reads any more. `null` where one failed, so that nobody knows what was read. */
  finish(): readonly Part[] | null;
}

/** The file of a database as it lies on disk, and threads that read it beside the caller's, past its cache. */
export interface ScanThreads<Task, Part> {
  /** A table of fewer pages is read before another thread has started. */
  readonly fewestPages: number;
  /** The file's bytes, for the caller's own part. */
  open(): ByteImage;
  /** The same for single pages here and there. */
  openScattered?(): ByteImage;
  /** Starts threads; they take part as soon as they run. */
  help(scan: SharedScan<Task>): ScanHelpers<Part>;
  /** Notes pages that an answer depends on, whoever read them. */
  noteRead(pages: Iterable<number>): void;
}
