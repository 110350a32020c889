import type { ByteImage } from './byteImage.ts';

/** What sql.js is given in place of an array of bytes. */
export interface LazyBytes {
  /** To be passed to `new Database()`. */
  readonly bytes: Uint8Array;
  /** What reading threw since the last call: SQLite itself only hears of an I/O error. */
  readonly takeFailure: () => Error | null;
}

/** EIO as WASI numbers it. */
const eio = 29;
/** What MEMFS turns into an error code for SQLite: it goes by the name, and reads the code from a minified property. */
const ioError = new Proxy(new Error('I/O error'), { get: (_, key) => (key === 'name' ? 'ErrnoError' : eio) });

/**
 * Pages on demand through the upstream package. sql.js has no hook for a file system of one's own, but the file system it
 * brings (Emscripten's MEMFS) does nothing with the "array" it is given but this: `length` when the file is made, `slice`
 * once to take a copy, and `subarray` for every read, whose result it copies into SQLite's memory at once. An object with
 * these three is a file that is read as SQLite asks for its pages. It leans on an internal of sql.js: the version is
 * pinned, a test holds it, and `SqlEngine` tries it on a small database before it relies on it.
 */
export function lazyBytes(image: ByteImage): LazyBytes {
  let failure: Error | null = null;
  const bytes = {
    length: image.byteLength,
    slice: () => bytes,
    subarray(start: number, end: number): Uint8Array {
      try {
        return image.read(start, end - start);
      } catch (error) {
        failure ??= error instanceof Error ? error : new Error(String(error));
        throw ioError;
      }
    },
  };
  return {
    // sql.js asks for no more of an array than what is there.
    bytes: bytes as unknown as Uint8Array,
    takeFailure: () => {
      const taken = failure;
      failure = null;
      return taken;
    },
  };
}
