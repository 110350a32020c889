import type { Database, SqlJsStatic } from 'sql.js';
import initSqlJs from 'sql.js';
import type { ReadDatabase, Row, SqlValue } from '../readDatabase.ts';

/** A database image opened in sql.js; `close` frees its memory in the WASM heap. */
export interface OpenSqlDatabase extends ReadDatabase {
  close(): void;
}

/** SQLite as WebAssembly. One instance serves many images, one after the other. */
export class SqlEngine {
  readonly #sql: SqlJsStatic;

  private constructor(sql: SqlJsStatic) {
    this.#sql = sql;
  }

  /** Instantiates the compiled `sql-wasm.wasm` of sql.js. */
  static async start(module: WebAssembly.Module): Promise<SqlEngine> {
    const sql = await initSqlJs({
      instantiateWasm: (imports, receive) => {
        const instance = new WebAssembly.Instance(module, imports);
        receive(instance);
        return instance.exports;
      },
    });
    return new SqlEngine(sql);
  }

  /** Opens an image in memory. SQLite reads it only as queries run, so a damaged one fails there. */
  open(image: Uint8Array): OpenSqlDatabase {
    return new SqlJsDatabase(new this.#sql.Database(image));
  }
}

class SqlJsDatabase implements OpenSqlDatabase {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  all(sql: string, params: readonly SqlValue[] = []): Row[] {
    const statement = this.#db.prepare(sql);
    try {
      statement.bind([...params]);
      const rows: Row[] = [];
      const names = statement.getColumnNames();
      while (statement.step()) {
        const values = statement.get();
        rows.push(Object.fromEntries(names.map((name, i) => [name, values[i] ?? null])));
      }
      return rows;
    } finally {
      statement.free();
    }
  }

  each(sql: string, params: readonly SqlValue[], onRow: (values: readonly SqlValue[]) => void): void {
    const statement = this.#db.prepare(sql);
    try {
      statement.bind([...params]);
      while (statement.step()) onRow(statement.get());
    } finally {
      statement.free();
    }
  }

  close(): void {
    this.#db.close();
  }
}
