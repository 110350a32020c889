import { SnapshotReader, type PrivateCopyPort } from '../../core/db/snapshot/snapshotReader.ts';
import type { StartThreads } from '../../core/db/snapshot/snapshotConnection.ts';
import type { SourceFiles } from '../../core/db/snapshot/sourceFiles.ts';
import type { SqlEngine } from '../../core/db/sqlJs/sqlEngine.ts';
import { SqlError } from '../../core/db/sqlJs/sqlJsDatabase.ts';
import { CancelledError, serializeError, UserFacingError } from '../../core/errors.ts';
import type { QueryContext } from '../../core/db/scan/queryContext.ts';
import { longRequests } from '../../protocol/longRequests.ts';
import type {
  DatabaseBytes,
  ReaderCommand,
  ReaderReply,
  SnapshotAnswer,
} from '../../protocol/readerProtocol.ts';
import { systemClock } from '../systemClock.ts';
import { answers } from './answers.ts';
import { BytesInMemory } from './bytesInMemory.ts';
import type { CancelFlags } from './cancelFlags.ts';

type Request = Extract<ReaderCommand, { kind: 'request' }>;

interface RequestQueueOptions {
  readonly engine: SqlEngine;
  readonly files: SourceFiles;
  readonly copies: PrivateCopyPort;
  readonly startThreads: StartThreads;
  /** In bytes, for each database. */
  readonly cacheBytes: number;
  readonly cancelFlags: CancelFlags;
  readonly reply: (reply: ReaderReply) => void;
  /** SQLite itself broke down: this thread is of no more use. */
  readonly onBreakdown: () => void;
}

interface OpenDatabase {
  readonly reader: SnapshotReader;
  /** Where its bytes come from when not from the local file system. */
  readonly inMemory: BytesInMemory | null;
}

/** How many databases stay open; the one not asked for in longest is closed first. */
const mostOpen = 4;

/** Answers one request after the other, keeping the last few databases open between them. */
export class RequestQueue {
  readonly #options: RequestQueueOptions;
  readonly #databases = new Map<string, OpenDatabase>();
  #last: Promise<void> = Promise.resolve();

  constructor(options: RequestQueueOptions) {
    this.#options = options;
  }

  accept(request: Request): void {
    this.#last = this.#last.then(() => this.#answer(request));
  }

  async #answer(request: Request): Promise<void> {
    const { reply, onBreakdown } = this.#options;
    const { id } = request;
    try {
      reply({ kind: 'answer', id, answer: await this.#read(request) });
    } catch (error) {
      const cause = error instanceof UserFacingError ? error.cause : error;
      const brokeDown = cause instanceof SqlError && cause.isFatal;
      // Over a mix of two states anything may break: then the host asks again, of another thread.
      if (!brokeDown || error !== cause) reply({ kind: 'error', id, error: serializeError(error) });
      if (brokeDown) onBreakdown();
    }
  }

  async #read({ id, path, name, params, content }: Request): Promise<SnapshotAnswer<unknown>> {
    const checkCancelled = (): void => {
      if (this.#options.cancelFlags.isCancelled(id)) throw new CancelledError('Reading the database');
    };
    checkCancelled();
    const reader = this.#open(path, content);
    if (name === 'version') return { value: null, version: reader.version(), warnings: [] };
    // The protocol gives each question the type of its parameters.
    const answer = answers[name] as (context: QueryContext, params: unknown) => unknown;
    const { value, version, warnings, revision, readFrom } = await reader.read({
      key: `${name} ${JSON.stringify(params)}`,
      run: (context) => answer(context, params),
      isLong: longRequests.has(name),
      checkCancelled,
    });
    return { value, version, warnings, revision, readFrom };
  }

  #open(path: string, content: DatabaseBytes | undefined): SnapshotReader {
    const database = this.#databases.get(path) ?? this.#connect(path, content);
    this.#databases.delete(path);
    this.#databases.set(path, database);
    if (content !== undefined && database.inMemory !== null) database.inMemory.content = content;
    for (const [oldest, { reader }] of this.#databases) {
      if (this.#databases.size <= mostOpen) break;
      reader.close();
      this.#databases.delete(oldest);
    }
    return database.reader;
  }

  #connect(path: string, content: DatabaseBytes | undefined): OpenDatabase {
    const { engine, files, copies, cacheBytes, startThreads } = this.#options;
    const inMemory = content === undefined ? null : new BytesInMemory(path, content);
    const ports = { files: inMemory ?? files, engine, clock: systemClock, copies, startThreads };
    return { reader: new SnapshotReader(path, ports, { cacheBytes }), inMemory };
  }
}
