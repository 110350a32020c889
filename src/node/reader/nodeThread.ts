import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ReaderCommand, ReaderReply } from '../../protocol/readerProtocol.ts';
import type { ReaderThread, ThreadStart } from '../../reader/workerClient.ts';
import { closeWhenUnlocked, keepLocks } from '../system/deferredClose.ts';
import { threadTranslationArguments } from '../system/translations.ts';

/** What every thread is started with. */
export interface NodeThreadOptions {
  readonly workerUrl: URL;
  readonly wasm: () => Promise<WebAssembly.Module>;
  /** In bytes, for each database. */
  readonly cacheBytes: number;
}

/** One worker thread from its start to its end. */
export class NodeThread implements ReaderThread {
  readonly #worker: Worker;
  readonly #ready: Promise<void>;
  #ended = false;

  constructor(
    { workerUrl, wasm, cacheBytes }: NodeThreadOptions,
    { cancelFlags, onReply, onDeath }: ThreadStart,
  ) {
    // Node would close what a thread opened when it ends, whoever has a lock then.
    this.#worker = new Worker(workerUrl, {
      name: 'autopack database reader',
      argv: threadTranslationArguments(),
      trackUnmanagedFds: false,
      env: { ...process.env, ...compileCacheOf() },
    });
    const files = new ThreadFiles();
    let wasReady = false;
    const die = (error: Error): void => {
      if (this.#ended) return;
      // It may still run: what it lacks was not to be had here.
      void this.end();
      onDeath(error, wasReady);
    };
    this.#worker.on('message', (reply: ReaderReply) => {
      if (reply.kind === 'ready') wasReady = true;
      else if (reply.kind === 'answer' || reply.kind === 'error') {
        if (!this.#ended) onReply(reply);
      } else {
        files.handle(reply);
        if (reply.kind === 'keep') this.#worker.postMessage({ kind: 'kept' } satisfies ReaderCommand);
      }
    });
    this.#worker.on('exit', () => files.dispose());
    this.#worker.on('error', (error) => die(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on('exit', (code) => die(new Error(`The reader's thread ended with code ${code}.`)));
    // It lies beside the worker, built or not.
    const scanWorkerUrl = workerUrl.href.replace(/\/[^/]*(\.[jt]s)$/, '/scanWorker$1');
    this.#ready = wasm().then(
      (module) =>
        this.#worker.postMessage({
          kind: 'start',
          wasm: module,
          cacheBytes,
          scanWorkerUrl,
          cancelFlags,
        } satisfies ReaderCommand),
      (error: unknown) => die(error instanceof Error ? error : new Error(String(error))),
    );
  }

  post(command: ReaderCommand): void {
    void this.#ready.then(() => {
      if (!this.#ended) this.#worker.postMessage(command);
    });
  }

  async end(): Promise<void> {
    this.#ended = true;
    await this.#worker.terminate();
  }
}

/** A thread takes compiled code from where this process does, but is told of it by its environment alone. */
function compileCacheOf(): { readonly NODE_COMPILE_CACHE?: string } {
  // Below the folder that was given there is one for each version of Node, which is what is told here.
  const folder = getCompileCacheDir();
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: dirname(folder) };
}

type Message = Extract<ReaderReply, { kind: 'opened' | 'close' | 'keep' | 'let-go' }>;

/** The files that a reader's thread has open, owned by the host's thread, and so closed even when the thread is killed. */
export class ThreadFiles {
  readonly #descriptors = new Set<number>();
  readonly #kept: (() => void)[] = [];

  handle(message: Message): void {
    switch (message.kind) {
      case 'opened':
        this.#descriptors.add(message.descriptor);
        return;
      case 'close':
        if (this.#descriptors.delete(message.descriptor)) closeWhenUnlocked(message.descriptor);
        return;
      case 'keep':
        this.#kept.push(keepLocks());
        return;
      case 'let-go':
        this.#kept.pop()?.();
    }
  }

  /** Once the thread has ended. */
  dispose(): void {
    for (const descriptor of this.#descriptors) closeWhenUnlocked(descriptor);
    this.#descriptors.clear();
    for (const letGo of this.#kept.splice(0)) letGo();
  }
}
