import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { LoggerPort } from '../../core/ports.ts';
import {
  longRequests,
  slowRequests,
  type DatabaseReader,
  type ReaderRequestName,
} from '../../protocol/readerProtocol.ts';
import { VirtualDatabases, type VirtualFilesPort } from './virtualFiles.ts';
import { WorkerClient } from './workerClient.ts';

/** Where the worker is and what it may use. */
export interface DatabaseReaderOptions {
  /** A `file:` URL: `dist/readerWorker.js`, or `src/node/reader/readerWorker.ts` where Node strips types. */
  readonly workerUrl: URL;
  /** The `sql-wasm.wasm` of sql.js; by default the one beside the worker, or of the installed package. */
  readonly wasmPath?: string;
  /** How much of each database is kept in memory; 64 MiB by default. */
  readonly cacheBytes?: number;
  readonly logger: LoggerPort;
  /** Starts the thread for short questions now, and not with the first of them. */
  readonly startsAtOnce?: boolean;
  /** Where databases are read from that are not on this machine's file system. */
  readonly virtualFiles?: VirtualFilesPort;
}

const defaultCacheBytes = 64 * 1024 * 1024;

/**
 * A reader whose threads start with the first question, and start again when they die or hang in a cancelled query.
 * Questions that read much have a thread of their own, so that a list does not wait behind an analysis; and so have those
 * that compute long, so that a filter does not wait behind a calibration.
 */
export function createDatabaseReader(options: DatabaseReaderOptions): DatabaseReader {
  const { workerUrl, wasmPath, cacheBytes = defaultCacheBytes, logger, virtualFiles } = options;
  const virtual = virtualFiles === undefined ? null : new VirtualDatabases(virtualFiles);
  const clientOptions = { workerUrl, cacheBytes, logger, wasm: compileWasm(workerUrl, wasmPath) };
  const quick = new WorkerClient(clientOptions);
  const long = new WorkerClient(clientOptions);
  const slow = new WorkerClient(clientOptions);
  if (options.startsAtOnce === true) quick.start();
  const clientOf = (name: ReaderRequestName): WorkerClient => {
    if (slowRequests.has(name)) return slow;
    return longRequests.has(name) ? long : quick;
  };
  return {
    async request(path, name, params, signal) {
      const content = virtual?.handles(path) === true ? await virtual.read(path) : undefined;
      return clientOf(name).ask(path, name, params, signal, content);
    },
    async dispose() {
      await Promise.all([quick, long, slow].map((one) => one.dispose()));
    },
  };
}

/**
 * Compiles `sql-wasm.wasm` once, however many threads come to use it, off the calling thread.
 * It is looked for beside the worker (as built), then in the installed sql.js.
 */
function compileWasm(workerUrl: URL, wasmPath?: string): () => Promise<WebAssembly.Module> {
  let compiled: Promise<WebAssembly.Module> | null = null;
  return () => {
    compiled ??= readFile(wasmPath ?? findWasm(workerUrl))
      .then((bytes) => WebAssembly.compile(bytes))
      .catch((error: unknown) => {
        // What failed for want of descriptors or memory may do the next time.
        compiled = null;
        throw error;
      });
    return compiled;
  };
}

function findWasm(workerUrl: URL): string {
  const beside = fileURLToPath(new URL('sql-wasm.wasm', workerUrl));
  return existsSync(beside) ? beside : createRequire(workerUrl).resolve('sql.js/dist/sql-wasm.wasm');
}
