import { currentTranslations, t } from '../core/text/l10n.ts';
import { CancelledError, deserializeError } from '../core/errors.ts';
import type { DatabaseFile } from '../core/model/databaseFacts.ts';
import type { LoggerPort } from '../core/ports.ts';
import type {
  DatabaseBytes,
  ReaderRequestName,
  ReaderRequests,
  SnapshotAnswer,
  ReaderCommand,
  ReaderReply,
} from '../protocol/readerProtocol.ts';
import { CancelFlags } from './sharedMemory.ts';

/** One thread from its start to its end. */
export interface ReaderThread {
  /** Commands arrive in order, after the start. */
  post(command: ReaderCommand): void;
  /** Ends it, whatever it does. */
  end(): Promise<void>;
}

/** What a thread is started with, and what it tells. */
export interface ThreadStart {
  /** Shared with the thread where memory can be. */
  readonly cancelFlags: Int32Array;
  /** Not called after the end. */
  readonly onReply: (reply: ThreadAnswer) => void;
  /** The thread ended without being told to; `wasReady` tells whether it ever took questions. */
  readonly onDeath: (error: Error, wasReady: boolean) => void;
}

/** What answers a question. */
export type ThreadAnswer = Extract<ReaderReply, { kind: 'answer' | 'error' }>;

/** What a lane works with. */
export interface WorkerClientOptions {
  readonly startThread: (start: ThreadStart) => ReaderThread;
  readonly logger: LoggerPort;
}

/** What takes the place of what lies at a path. */
export interface SourceInstead {
  /** The database itself, where `path` is not one of the local file system. */
  readonly content?: DatabaseBytes;
  /** What is said of the file, where it is a replica of another database. */
  readonly file?: DatabaseFile;
}

/** How long a cancelled query gets to stop by itself before its thread is ended. */
const graceMs = 300;
/** A question that ended its thread this often is not put again. */
const mostDeaths = 2;

interface Question {
  readonly id: number;
  readonly path: string;
  readonly name: ReaderRequestName;
  readonly params: unknown;
  readonly instead: SourceInstead;
  /** Whether programs ask, whose texts are English: also where it is put again. */
  readonly isInEnglish: boolean;
  /** How often the thread died over it. */
  deaths: number;
  readonly resolve: (answer: SnapshotAnswer<unknown>) => void;
  readonly reject: (error: Error) => void;
}

/** One thread at a time, which answers questions in their order; another takes its place when it dies or hangs. */
export class WorkerClient {
  readonly #options: WorkerClientOptions;
  readonly #cancelFlags = new CancelFlags();
  /** By id, and so in their order. */
  readonly #open = new Map<number, Question>();
  /** Cancelled, but the thread has not said so yet. */
  readonly #abandoned = new Map<number, NodeJS.Timeout>();
  #thread: ReaderThread | null = null;
  #nextId = 1;
  #disposed = false;

  constructor(options: WorkerClientOptions) {
    this.#options = options;
  }

  /** As `DatabaseReader.request`. */
  async ask<Name extends ReaderRequestName>(
    path: string,
    name: Name,
    params: ReaderRequests[Name]['params'],
    signal?: AbortSignal,
    instead: SourceInstead = {},
  ): Promise<SnapshotAnswer<ReaderRequests[Name]['result']>> {
    if (this.#disposed || signal?.aborted === true) throw new CancelledError(t`Reading the database`);
    const id = this.#nextId++;
    const onAbort = (): void => this.#abandon(id);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      const answer = await new Promise<SnapshotAnswer<unknown>>((resolve, reject) => {
        const isInEnglish = currentTranslations() === null;
        const question = { id, path, name, params, instead, isInEnglish, deaths: 0, resolve, reject };
        this.#open.set(id, question);
        this.#send(question);
      });
      // The worker answers each question with the type the protocol gives its name.
      return answer as SnapshotAnswer<ReaderRequests[Name]['result']>;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Starts the thread before there is a question, while the caller is busy with something else. */
  start(): void {
    this.#thread ??= this.#startThread();
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#forgetAbandoned();
    for (const { reject } of this.#open.values()) reject(new CancelledError(t`Reading the database`));
    this.#open.clear();
    await this.#thread?.end();
    this.#thread = null;
  }

  #send({ id, path, name, params, instead, isInEnglish }: Question): void {
    this.#thread ??= this.#startThread();
    this.#thread.post({ kind: 'request', id, path, name, params, isInEnglish, ...instead });
  }

  #startThread(): ReaderThread {
    return this.#options.startThread({
      cancelFlags: this.#cancelFlags.flags,
      onReply: (reply) => this.#settle(reply),
      onDeath: (error, wasReady) => this.#mourn(error, wasReady),
    });
  }

  #settle(reply: ThreadAnswer): void {
    clearTimeout(this.#abandoned.get(reply.id));
    this.#abandoned.delete(reply.id);
    const question = this.#open.get(reply.id);
    if (question === undefined) return;
    this.#open.delete(reply.id);
    if (reply.kind === 'answer') question.resolve(reply.answer);
    else question.reject(deserializeError(reply.error));
  }

  /** The caller is answered at once; the thread gets a moment to stop before it is replaced. */
  #abandon(id: number): void {
    const question = this.#open.get(id);
    if (question === undefined) return;
    this.#open.delete(id);
    this.#cancelFlags.cancel(id);
    this.#waitForThread(id);
    question.reject(new CancelledError(t`Reading the database`));
  }

  #waitForThread(id: number): void {
    const timer = setTimeout(() => {
      // A question that only waits behind another costs nothing, and must not cost the other its work.
      const isRunning = [...this.#open.keys(), ...this.#abandoned.keys()].every((other) => other >= id);
      if (!isRunning) {
        this.#waitForThread(id);
        return;
      }
      this.#options.logger.debug(`The reader did not stop within ${graceMs} ms: its thread is replaced.`);
      void this.#thread?.end();
      this.#startAgain();
    }, graceMs);
    this.#abandoned.set(id, timer);
  }

  /** The thread answers in order, so it died over the oldest question; or over none, if it never came to be. */
  #mourn(error: Error, wasReady: boolean): void {
    this.#options.logger.error('The reader ended unexpectedly.', error);
    const [oldest] = this.#open.values();
    if (oldest !== undefined) oldest.deaths++;
    for (const question of [...this.#open.values()]) {
      if (wasReady && question.deaths < mostDeaths) continue;
      this.#open.delete(question.id);
      question.reject(error);
    }
    this.#startAgain();
  }

  #startAgain(): void {
    this.#thread = null;
    this.#forgetAbandoned();
    for (const question of this.#open.values()) this.#send(question);
  }

  #forgetAbandoned(): void {
    for (const timer of this.#abandoned.values()) clearTimeout(timer);
    this.#abandoned.clear();
  }
}
