import { existsSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** What is used of `@duckdb/node-api`, which is no dependency. */
interface DuckDb {
  readonly DuckDBInstance: {
    create: (path: string) => Promise<{ connect: () => Promise<DuckDbConnection> }>;
  };
}

interface DuckDbConnection {
  readonly run: (sql: string) => Promise<unknown>;
  readonly runAndReadAll: (sql: string) => Promise<{ getRows: () => readonly unknown[] }>;
  readonly createAppender: (table: string) => Promise<DuckDbAppender>;
  readonly closeSync: () => void;
}

interface DuckDbAppender {
  readonly appendVarchar: (value: string) => void;
  readonly appendInteger: (value: number) => void;
  readonly endRow: () => void;
  readonly closeSync: () => void;
}

const name = '@duckdb/node-api';

/** Whether DuckDB is installed where this project, or AUTOPACK_BENCH_DUCKDB, has its modules. */
export async function hasDuckDb(): Promise<boolean> {
  return (await load()) !== null;
}

/** Copies what the figures need into a table of DuckDB's own, once. In ms; 0 where it is there. */
export async function exportToDuckDb(path: string): Promise<number> {
  if (existsSync(duckPath(path))) return 0;
  const start = performance.now();
  const connection = await connect(path);
  try {
    await connection.run(
      'CREATE TABLE events (category VARCHAR, complexity VARCHAR, p INTEGER, a INTEGER, t INTEGER)',
    );
    const appender = await connection.createAppender('events');
    const rows = new DatabaseSync(path, { readOnly: true }).prepare(
      `SELECT category, complexity, predicted_output_tokens, actual_output_tokens, truncated FROM token_estimation_v2_events`,
    );
    rows.setReturnArrays(true);
    for (const row of rows.iterate()) {
      const [category, complexity, ...numbers] = row as unknown as [string, string, number, number, number];
      appender.appendVarchar(category);
      appender.appendVarchar(complexity);
      for (const number of numbers) appender.appendInteger(number);
      appender.endRow();
    }
    appender.closeSync();
    await connection.run('CHECKPOINT');
  } finally {
    connection.closeSync();
  }
  return performance.now() - start;
}

/** Averages and medians of each kind of phase, from DuckDB's own table; says how many groups there are. */
export async function askDuckDb(path: string): Promise<number> {
  const connection = await connect(path);
  const found = await connection.runAndReadAll(`
    SELECT category, complexity, count(*), avg(p / a), avg(200.0 * abs(p - a) / (p + a)), avg(t), avg((a > p)::INTEGER),
      median(p / a) FROM events GROUP BY category, complexity`);
  return found.getRows().length;
}

/** Removes DuckDB's copy. */
export function removeDuckDb(path: string): void {
  for (const file of [duckPath(path), `${duckPath(path)}.wal`]) rmSync(file, { force: true });
}

async function connect(path: string): Promise<DuckDbConnection> {
  const duckDb = await load();
  if (duckDb === null) throw new Error(`${name} is not installed.`);
  const instance = await duckDb.DuckDBInstance.create(duckPath(path));
  return instance.connect();
}

async function load(): Promise<DuckDb | null> {
  try {
    return (await import(process.env.AUTOPACK_BENCH_DUCKDB ?? name)) as DuckDb;
  } catch {
    return null;
  }
}

function duckPath(path: string): string {
  return `${path}.duckdb`;
}
