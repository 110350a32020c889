import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isPostgresPath } from '../../core/db/postgresUrl.ts';
import { UserFacingError } from '../../core/errors.ts';
import { loadOnce } from '../../core/lazily.ts';
import type { LoggerPort } from '../../core/ports.ts';
import {
  longRequests,
  slowRequests,
  type DatabaseReader,
  type ReaderRequestName,
  type ReaderRequests,
  type SnapshotAnswer,
} from '../../protocol/readerProtocol.ts';
import { PostgresReplicas } from './postgresReplicas.ts';
import { VirtualDatabases, type VirtualFilesPort } from '../../reader/virtualFiles.ts';
import { WorkerClient } from '../../reader/workerClient.ts';
import { NodeThread } from './nodeThread.ts';

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
  const threads = { workerUrl, cacheBytes, wasm: compileWasm(workerUrl, wasmPath) };
  const client = (): WorkerClient =>
    new WorkerClient({ logger, startThread: (start) => new NodeThread(threads, start) });
  const [quick, long, slow] = [client(), client(), client()];
  if (options.startsAtOnce === true) quick.start();
  const clientOf = (name: ReaderRequestName): WorkerClient => {
    if (slowRequests.has(name)) return slow;
    return longRequests.has(name) ? long : quick;
  };
  // They lie beside each other, built or not.
  const postgresUrl = new URL(workerUrl.href.replace(/\/[^/]*(\.[jt]s)$/, '/postgresWorker$1'));
  const replicas = new PostgresReplicas(postgresUrl, logger);
  const request: DatabaseReader['request'] = async (path, name, params, signal) => {
    if (isPostgresPath(path)) return fromReplica(replicas, clientOf(name), path, name, params, signal);
    const content = virtual?.handles(path) === true ? await virtual.read(path) : undefined;
    return clientOf(name).ask(path, name, params, signal, content === undefined ? {} : { content });
  };
  return {
    request,
    async dispose() {
      await Promise.all([quick, long, slow, replicas].map((one) => one.dispose()));
    },
  };
}

/** How often a replica may be exchanged for another by other processes while one question is answered. */
const mostExchanges = 3;

/** Answers from the replica of a PostgreSQL database, which is brought up to its server first. */
async function fromReplica<Name extends ReaderRequestName>(
  replicas: PostgresReplicas,
  client: WorkerClient,
  ...[path, name, params, signal]: [
    path: string,
    name: Name,
    params: ReaderRequests[Name]['params'],
    signal?: AbortSignal,
  ]
): Promise<SnapshotAnswer<ReaderRequests[Name]['result']>> {
  for (let exchanges = 0; ; exchanges++) {
    const { path: replica, file, version } = await replicas.ready(path, name, signal);
    // The only question whose answer holds nothing but the version.
    if (name === 'version') return { value: null as ReaderRequests[Name]['result'], version, warnings: [] };
    try {
      return { ...(await client.ask(replica, name, params, signal, { file })), version };
    } catch (error) {
      const isGone = error instanceof UserFacingError && error.code === 'not-found' && !existsSync(replica);
      if (!isGone || exchanges === mostExchanges) throw error;
    }
  }
}

/**
 * Compiles `sql-wasm.wasm` once, however many threads come to use it, off the calling thread.
 * It is looked for beside the worker (as built), then in the installed sql.js.
 */
function compileWasm(workerUrl: URL, wasmPath?: string): () => Promise<WebAssembly.Module> {
  return loadOnce(async () => WebAssembly.compile(await readFile(wasmPath ?? findWasm(workerUrl))));
}

function findWasm(workerUrl: URL): string {
  const beside = fileURLToPath(new URL('sql-wasm.wasm', workerUrl));
  return existsSync(beside) ? beside : createRequire(workerUrl).resolve('sql.js/dist/sql-wasm.wasm');
}
