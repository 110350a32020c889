import { Worker } from 'node:worker_threads';
import type { ReaderCommand, ReaderReply } from '../../protocol/readerProtocol.ts';

interface ReaderThreadOptions {
  readonly workerUrl: URL;
  /** What the thread needs before anything else; it starts up meanwhile. */
  readonly start: () => Promise<ReaderCommand>;
  readonly onReply: (reply: Exclude<ReaderReply, { kind: 'ready' }>) => void;
  /** The thread ended without being told to; `wasReady` tells whether it ever took questions. */
  readonly onDeath: (error: Error, wasReady: boolean) => void;
}

/** One worker thread from its start to its end. */
export class ReaderThread {
  readonly #worker: Worker;
  readonly #ready: Promise<void>;
  #ended = false;

  constructor({ workerUrl, start, onReply, onDeath }: ReaderThreadOptions) {
    this.#worker = new Worker(workerUrl, { name: 'autopack database reader' });
    let wasReady = false;
    const die = (error: Error): void => {
      if (this.#ended) return;
      this.#ended = true;
      onDeath(error, wasReady);
    };
    this.#worker.on('message', (reply: ReaderReply) => {
      if (reply.kind === 'ready') wasReady = true;
      else if (!this.#ended) onReply(reply);
    });
    this.#worker.on('error', (error) => die(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on('exit', (code) => die(new Error(`The reader's thread ended with code ${code}.`)));
    this.#ready = start().then(
      (command) => this.#worker.postMessage(command),
      (error: unknown) => die(error instanceof Error ? error : new Error(String(error))),
    );
  }

  /** Commands arrive in order, after the start. */
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
