import type { SqlJsStatic } from 'sql.js';
import initSqlJs from 'sql.js';
import type { ByteImage } from './byteImage.ts';
import { lazyBytes } from './lazyBytes.ts';
import { SqlJsDatabase } from './sqlJsDatabase.ts';
import type { OpenSqlDatabase } from './sqlJsDatabase.ts';

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

/** Tries the technique of `lazyBytes` on a small database: the right answer, read through `subarray`, nothing more. */
function readsOnDemand(sql: SqlJsStatic): boolean {
  const original = new sql.Database();
  try {
    original.run('CREATE TABLE probe (value TEXT); INSERT INTO probe VALUES (hex(zeroblob(6000)))');
    const content = original.export();
    let reads = 0;
    const { bytes } = lazyBytes({
      byteLength: content.length,
      read(position, length) {
        reads++;
        return content.subarray(position, position + length);
      },
    });
    const lazy = new sql.Database(bytes);
    try {
      const [result] = lazy.exec('SELECT length(value) FROM probe');
      return result?.values[0]?.[0] === 12_000 && reads > 1;
    } finally {
      lazy.close();
    }
  } catch {
    return false;
  } finally {
    original.close();
  }
}
