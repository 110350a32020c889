import { CancelledError, deserializeError } from '../../core/errors.ts';
import type { LoggerPort } from '../../core/ports.ts';
import type {
  DatabaseReader,
  ReaderReply,
  ReaderRequestName,
  ReaderRequests,
  SnapshotAnswer,
} from '../../protocol/readerProtocol.ts';
import { CancelFlags } from './cancelFlags.ts';
import { compileWasm } from './compileWasm.ts';
import { ReaderThread } from './readerThread.ts';

/** Where the worker is and what it may use. */
export interface DatabaseReaderOptions {
  /** A `file:` URL: `dist/readerWorker.js`, or `src/node/reader/readerWorker.ts` where Node strips types. */
  readonly workerUrl: URL;
  /** The `sql-wasm.wasm` of sql.js; by default the one beside the worker, or of the installed package. */
  readonly wasmPath?: string;
  /** How much of the databases is kept in memory; 64 MiB by default. */
  readonly cacheBytes?: number;
  readonly logger: LoggerPort;
}

const defaultCacheBytes = 64 * 1024 * 1024;
/** How long a cancelled query gets to stop by itself before its thread is ended. */
const graceMs = 300;
/** A question that ended its thread this often is not put again. */
const maxSends = 2;

interface Pending {
  readonly id: number;
  readonly path: string;
  readonly name: ReaderRequestName;
  readonly params: unknown;
  sends: number;
  readonly resolve: (answer: SnapshotAnswer<unknown>) => void;
  readonly reject: (error: Error) => void;
}

/** A reader whose thread starts with the first question, and starts again when it dies or hangs in a cancelled query. */
export function createDatabaseReader(options: DatabaseReaderOptions): DatabaseReader {
  return new ThreadedReader(options);
}

class ThreadedReader implements DatabaseReader {
  readonly #options: DatabaseReaderOptions;
  readonly #wasm: () => Promise<WebAssembly.Module>;
  readonly #cancelFlags = new CancelFlags();
  readonly #pending = new Map<number, Pending>();
  /** Cancelled, but the thread has not said so yet. */
  readonly #abandoned = new Map<number, NodeJS.Timeout>();
  #thread: ReaderThread | null = null;
  #nextId = 1;
  #disposed = false;

  constructor(options: DatabaseReaderOptions) {
    this.#options = options;
    this.#wasm = compileWasm(options.workerUrl, options.wasmPath);
  }

  ask<Name extends ReaderRequestName>(
    path: string,
    name: Name,
    params: ReaderRequests[Name]['params'],
    signal?: AbortSignal,
  ): Promise<SnapshotAnswer<ReaderRequests[Name]['result']>> {
    if (this.#disposed || signal?.aborted === true)
      return Promise.reject(new CancelledError('Reading the database'));
    const id = this.#nextId++;
    const asked = new Promise<SnapshotAnswer<unknown>>((resolve, reject) => {
      this.#pending.set(id, { id, path, name, params, sends: 0, resolve, reject });
    });
    const onAbort = () => this.#abandon(id);
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#send(id);
    // The worker answers each question with the type the protocol gives its name.
    return asked.finally(() => signal?.removeEventListener('abort', onAbort)) as Promise<
      SnapshotAnswer<ReaderRequests[Name]['result']>
    >;
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    for (const timer of this.#abandoned.values()) clearTimeout(timer);
    this.#abandoned.clear();
    for (const { reject } of this.#pending.values()) reject(new CancelledError('Reading the database'));
    this.#pending.clear();
    await this.#thread?.end();
    this.#thread = null;
  }

  #send(id: number): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    pending.sends++;
    const { path, name, params } = pending;
    this.#runningThread().post({ kind: 'request', id, path, name, params });
  }

  #runningThread(): ReaderThread {
    this.#thread ??= new ReaderThread({
      workerUrl: this.#options.workerUrl,
      start: async () => ({
        kind: 'start',
        wasm: await this.#wasm(),
        cacheBytes: this.#options.cacheBytes ?? defaultCacheBytes,
        cancelFlags: this.#cancelFlags.flags,
      }),
      onReply: (reply) => this.#settle(reply),
      onDeath: (error) => this.#replaceThread(error),
    });
    return this.#thread;
  }

  #settle(reply: ReaderReply): void {
    clearTimeout(this.#abandoned.get(reply.id));
    this.#abandoned.delete(reply.id);
    const pending = this.#pending.get(reply.id);
    if (pending === undefined) return;
    this.#pending.delete(reply.id);
    if (reply.kind === 'answer') pending.resolve(reply.answer);
    else pending.reject(deserializeError(reply.error));
  }

  /** The caller is answered at once; the thread gets a moment to stop before it is replaced. */
  #abandon(id: number): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#pending.delete(id);
    this.#cancelFlags.cancel(id);
    this.#abandoned.set(
      id,
      setTimeout(() => {
        this.#options.logger.debug(`The reader did not stop within ${graceMs} ms: its thread is replaced.`);
        this.#replaceThread(null);
      }, graceMs),
    );
    pending.reject(new CancelledError('Reading the database'));
  }

  /** Starts another thread and puts the open questions again, but not those that keep ending it. */
  #replaceThread(error: Error | null): void {
    const ended = this.#thread;
    this.#thread = null;
    void ended?.end();
    for (const timer of this.#abandoned.values()) clearTimeout(timer);
    this.#abandoned.clear();
    if (error !== null) this.#options.logger.error('The reader ended unexpectedly and starts again.', error);
    for (const { id, sends, reject } of [...this.#pending.values()]) {
      if (error === null || sends < maxSends) {
        this.#send(id);
      } else {
        this.#pending.delete(id);
        reject(error);
      }
    }
  }
}
