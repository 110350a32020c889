import { Worker } from 'node:worker_threads';
import type { ReaderCommand, ReaderReply } from '../../protocol/readerProtocol.ts';
import { ThreadFiles } from './threadFiles.ts';

/** What the lane is told of: answers and errors. */
export type Answer = Extract<ReaderReply, { kind: 'answer' | 'error' }>;

interface ReaderThreadOptions {
  readonly workerUrl: URL;
  /** What the thread needs before anything else; it starts up meanwhile. */
  readonly start: () => Promise<ReaderCommand>;
  readonly onReply: (reply: Answer) => void;
  /** The thread ended without being told to; `wasReady` tells whether it ever took questions. */
  readonly onDeath: (error: Error, wasReady: boolean) => void;
}

/** One worker thread from its start to its end. */
export class ReaderThread {
  readonly #worker: Worker;
  readonly #ready: Promise<void>;
  #ended = false;

  constructor({ workerUrl, start, onReply, onDeath }: ReaderThreadOptions) {
    // Node would close what a thread opened when it ends, whoever has a lock then.
    this.#worker = new Worker(workerUrl, { name: 'autopack database reader', trackUnmanagedFds: false });
    const files = new ThreadFiles();
    let wasReady = false;
    const die = (error: Error): void => {
      if (this.#ended) return;
      this.#ended = true;
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
