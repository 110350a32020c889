import { currentTranslations } from '../core/text/l10n.ts';
import type { ReaderCommand, ReaderReply } from '../protocol/readerProtocol.ts';
import type { ReaderThread, ThreadStart } from '../reader/workerClient.ts';

/** What every thread is started with. */
export interface WebThreadOptions {
  /** The address of the worker's script, from which a worker may be made here. */
  readonly script: () => Promise<string>;
  readonly wasm: () => Promise<WebAssembly.Module>;
  /** In bytes, for each database. */
  readonly cacheBytes: number;
}

type Request = Extract<ReaderCommand, { kind: 'request' }>;

/** A web worker that reads. Databases are sent to it once for each of their states: they are whole files. */
export class WebThread implements ReaderThread {
  readonly #starting: Promise<Worker>;
  #worker: Worker | null = null;
  readonly #onDeath: ThreadStart['onDeath'];
  #wasReady = false;
  #hasEnded = false;
  /** The state of the database that the worker has. */
  #sent: { readonly path: string; readonly revision: number } | null = null;

  constructor(options: WebThreadOptions, start: ThreadStart) {
    this.#onDeath = start.onDeath;
    this.#starting = this.#start(options, start);
    this.#starting.catch((error: unknown) =>
      this.#die(error instanceof Error ? error : new Error(String(error))),
    );
  }

  post(command: ReaderCommand): void {
    void this.#starting.then(
      (worker) => {
        if (!this.#hasEnded) worker.postMessage(command.kind === 'request' ? this.#lean(command) : command);
      },
      () => undefined,
    );
  }

  end(): Promise<void> {
    this.#hasEnded = true;
    this.#worker?.terminate();
    return Promise.resolve();
  }

  async #start(
    { script, wasm, cacheBytes }: WebThreadOptions,
    { cancelFlags, onReply }: ThreadStart,
  ): Promise<Worker> {
    const [url, module] = await Promise.all([script(), wasm()]);
    const worker = new Worker(url, { name: 'autopack database reader' });
    this.#worker = worker;
    if (this.#hasEnded) worker.terminate();
    worker.onmessage = ({ data }) => {
      const reply = data as ReaderReply | ReaderFailure;
      if (reply.kind === 'ready') this.#wasReady = true;
      else if (reply.kind === 'failed') this.#die(failure(reply.message));
      else if ((reply.kind === 'answer' || reply.kind === 'error') && !this.#hasEnded) onReply(reply);
    };
    worker.onerror = ({ message }) => this.#die(failure(message ?? 'it could not be loaded'));
    const translations = currentTranslations();
    const command: ReaderCommand = {
      kind: 'start',
      wasm: module,
      cacheBytes,
      scanWorkerUrl: null,
      cancelFlags,
      ...(translations === null ? {} : { translations }),
    };
    worker.postMessage(command);
    return worker;
  }

  #die(error: Error): void {
    if (this.#hasEnded) return;
    void this.end();
    this.#onDeath(error, this.#wasReady);
  }

  /** Without the content that the worker has already. */
  #lean({ content, ...request }: Request): Request {
    if (content === undefined) return request;
    const { path } = request;
    if (this.#sent?.path === path && this.#sent.revision === content.revision) return request;
    this.#sent = { path, revision: content.revision };
    return { ...request, content };
  }
}

function failure(message: string): Error {
  return new Error(`The reader's worker failed: ${message}`);
}

/** What a worker tells when it cannot go on: another has to take its place. */
export interface ReaderFailure {
  readonly kind: 'failed';
  readonly message: string;
}
