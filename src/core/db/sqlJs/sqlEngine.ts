import initSqlJs from 'sql.js';
import type { SqlJsStatic } from 'sql.js';
import { magic } from '../databaseHeader.ts';
import type { ByteImage } from '../databasePorts.ts';
import { SqlJsDatabase, type OpenSqlDatabase } from './sqlJsDatabase.ts';

/** SQLite as WebAssembly. One instance serves many images; its memory grows and is never given back. */
export class SqlEngine {
  /** Whether pages are read as SQLite asks for them, as with the sql.js this was written for, or images are copied whole. */
  readonly readsOnDemand: boolean;
  readonly #sql: SqlJsStatic;

  private constructor(sql: SqlJsStatic, readsOnDemand: boolean) {
    this.#sql = sql;
    this.readsOnDemand = readsOnDemand;
  }

  /** Instantiates the compiled `sql-wasm.wasm` of sql.js, and finds out whether it reads on demand. */
  static async start(wasm: WebAssembly.Module): Promise<SqlEngine> {
    const sql = await initSqlJs({
      instantiateWasm: (imports, receive) => {
        const instance = new WebAssembly.Instance(wasm, imports);
        receive(instance);
        return instance.exports;
      },
    });
    return new SqlEngine(sql, readsOnDemand(sql));
  }

  /** An engine that copies images whole: the fallback, to be chosen for tests. */
  copying(): SqlEngine {
    return new SqlEngine(this.#sql, false);
  }

  /** Opens an image. SQLite reads it only as queries run, so a damaged one fails there. */
  open(image: ByteImage): OpenSqlDatabase {
    if (!this.readsOnDemand) {
      const copy = image.byteLength === 0 ? null : image.read(0, image.byteLength);
      return new SqlJsDatabase(new this.#sql.Database(copy), () => null);
    }
    const { bytes, takeFailure } = lazyBytes(image);
    return new SqlJsDatabase(new this.#sql.Database(bytes), takeFailure);
  }
}

/** Tries the technique of `lazyBytes` on a database of one page: what it holds, read through `subarray`. */
function readsOnDemand(sql: SqlJsStatic): boolean {
  const userVersion = 0x5eed;
  const page = emptyDatabase(userVersion);
  let reads = 0;
  const { bytes } = lazyBytes({
    byteLength: page.length,
    read(position, length) {
      reads++;
      return page.subarray(position, position + length);
    },
  });
  try {
    const database = new sql.Database(bytes);
    try {
      const [result] = database.exec('PRAGMA user_version');
      return result?.values[0]?.[0] === userVersion && reads > 0;
    } finally {
      database.close();
    }
  } catch {
    return false;
  }
}

/** A database without tables. https://www.sqlite.org/fileformat2.html#the_database_header */
function emptyDatabase(userVersion: number): Uint8Array {
  const page = new Uint8Array(512);
  const view = new DataView(page.buffer);
  page.set(new TextEncoder().encode(magic));
  view.setUint16(16, page.length);
  // Rollback mode; no bytes reserved; payload fractions, which are always these.
  page.set([1, 1, 0, 64, 32, 32], 18);
  // Change counter, pages, schema cookie, schema format, encoding, user version, what the page count is valid for.
  for (const [at, value] of [
    [24, 1],
    [28, 1],
    [40, 1],
    [44, 4],
    [56, 1],
    [60, userVersion],
    [92, 1],
  ] as const) {
    view.setUint32(at, value);
  }
  // An empty leaf of the schema table.
  page.set([0x0d, 0, 0, 0, 0, page.length >> 8, 0, 0], 100);
  return page;
}

/** What sql.js is given in place of an array of bytes. */
export interface LazyBytes {
  /** To be passed to `new Database()`. */
  readonly bytes: Uint8Array;
  /** What reading threw since the last call: SQLite itself is only given an I/O error. */
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
function lazyBytes(image: ByteImage): LazyBytes {
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
