import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import {
  SnapshotReader,
  type SnapshotRead,
  type SnapshotReaderLimits,
  type SnapshotReaderPorts,
} from '../../src/core/db/snapshot/snapshotReader.ts';
import { SqlEngine } from '../../src/core/db/sqlJs/sqlEngine.ts';
import type { Row } from '../../src/core/db/databasePorts.ts';
import { backupCopies } from '../../src/node/reader/backupCopies.ts';
import { nodeFiles } from '../../src/node/reader/nodeFiles.ts';
import { systemClock } from '../../src/node/system/systemPorts.ts';

const wasmPath = createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm');
let engine: Promise<SqlEngine> | null = null;

/** The engine of the product; one for all tests, as compiling it takes longer than most of them. */
export function testEngine(): Promise<SqlEngine> {
  engine ??= WebAssembly.compile(readFileSync(wasmPath)).then((wasm) => SqlEngine.start(wasm));
  return engine;
}

/** A reader in the test's own thread, with the product's ports unless others are given. */
export async function openSnapshots(
  path: string,
  ports: Partial<SnapshotReaderPorts> = {},
  limits: SnapshotReaderLimits = { cacheBytes: 16 * 1024 * 1024 },
): Promise<SnapshotReader> {
  const all = { files: nodeFiles, clock: systemClock, copies: backupCopies, ...ports };
  return new SnapshotReader(path, { ...all, engine: ports.engine ?? (await testEngine()) }, limits);
}

/** The rows of one statement, from one snapshot. */
export function readRows(reader: SnapshotReader, sql: string): Promise<SnapshotRead<Row[]>> {
  return reader.read({ key: sql, run: ({ db }) => db.all(sql) });
}

/** Opens a file for one statement. */
export async function rowsOf(path: string, sql: string): Promise<Row[]> {
  const reader = await openSnapshots(path);
  try {
    return (await readRows(reader, sql)).value;
  } finally {
    reader.close();
  }
}
