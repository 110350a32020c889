import { Worker } from 'node:worker_threads';
import { CancelledError, deserializeError, UserFacingError } from '../../core/errors.ts';
import type { LoggerPort } from '../../core/ports.ts';
import { currentTranslations, t } from '../../core/text/l10n.ts';
import type { ReaderRequestName } from '../../protocol/readerProtocol.ts';
import { passwordOf } from '../postgres/passwords.ts';
import { keepLocks } from '../system/deferredClose.ts';
import { threadTranslationArguments } from '../system/translations.ts';
import {
  neededData,
  type PostgresCommand,
  type PostgresReply,
  type ReadyReplica,
} from './postgresMessages.ts';

interface Question {
  readonly resolve: (replica: ReadyReplica) => void;
  readonly reject: (error: Error) => void;
}

/** How long the thread gets to close its connections, in ms. */
const stopTimeoutMs = 1000;

/** The host's end of the thread that keeps replicas of PostgreSQL databases: it starts with the first question. */
export class PostgresReplicas {
  readonly #workerUrl: URL;
  readonly #logger: LoggerPort;
  readonly #open = new Map<number, Question>();
  readonly #kept: (() => void)[] = [];
  #worker: Worker | null = null;
  #nextId = 1;
  #disposed = false;

  constructor(workerUrl: URL, logger: LoggerPort) {
    this.#workerUrl = workerUrl;
    this.#logger = logger;
  }

  /** Brings the replica of a database up to its server, as far as a question reads it. `path` is a PostgreSQL path. */
  async ready(path: string, name: ReaderRequestName, signal?: AbortSignal): Promise<ReadyReplica> {
    if (this.#disposed || signal?.aborted === true) throw new CancelledError(t`Reading the database`);
    const id = this.#nextId++;
    const worker = (this.#worker ??= this.#start());
    const onAbort = (): void => {
      this.#open.get(id)?.reject(new CancelledError(t`Reading the database`));
      this.#open.delete(id);
      worker.postMessage({ kind: 'cancel', id } satisfies PostgresCommand);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await new Promise<ReadyReplica>((resolve, reject) => {
        this.#open.set(id, { resolve, reject });
        const needed = neededData(name);
        const isInEnglish = currentTranslations() === null;
        const command = { kind: 'sync', id, path, password: passwordOf(path), needed, isInEnglish } as const;
        worker.postMessage(command satisfies PostgresCommand);
      });
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#rejectAll(new CancelledError(t`Reading the database`));
    const worker = this.#worker;
    this.#worker = null;
    if (worker === null) return;
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    worker.postMessage({ kind: 'stop' } satisfies PostgresCommand);
    const timer = setTimeout(() => void worker.terminate(), stopTimeoutMs);
    await ended;
    clearTimeout(timer);
  }

  #start(): Worker {
    const worker = new Worker(this.#workerUrl, {
      name: 'autopack postgres replicas',
      argv: threadTranslationArguments(),
      trackUnmanagedFds: false,
      // Node announces on standard error that it has SQLite.
      execArgv: [...process.execArgv, '--disable-warning=ExperimentalWarning'],
    });
    worker.on('message', (reply: PostgresReply) => this.#receive(worker, reply));
    const die = (error: Error): void => {
      if (this.#worker !== worker) return;
      this.#worker = null;
      this.#logger.error('The thread that reads PostgreSQL ended unexpectedly.', error);
      this.#rejectAll(error);
    };
    worker.on('error', (error) => die(error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', (code) => {
      for (const letGo of this.#kept.splice(0)) letGo();
      die(
        new UserFacingError(
          'unreadable',
          t`What reads PostgreSQL ended with code ${code}.`,
          t`Try again; the log has the details.`,
        ),
      );
    });
    return worker;
  }

  #receive(worker: Worker, reply: PostgresReply): void {
    switch (reply.kind) {
      case 'keep':
        this.#kept.push(keepLocks());
        worker.postMessage({ kind: 'kept' } satisfies PostgresCommand);
        return;
      case 'let-go':
        this.#kept.pop()?.();
        return;
      case 'synced':
        this.#open.get(reply.id)?.resolve(reply.replica);
        break;
      case 'error':
        this.#open.get(reply.id)?.reject(deserializeError(reply.error));
    }
    this.#open.delete(reply.id);
  }

  #rejectAll(error: Error): void {
    for (const { reject } of this.#open.values()) reject(error);
    this.#open.clear();
  }
}
