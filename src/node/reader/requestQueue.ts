import { SnapshotReader } from '../../core/db/snapshot/snapshotReader.ts';
import type { SqlEngine } from '../../core/db/sqlJs/sqlEngine.ts';
import { SqlError } from '../../core/db/sqlJs/sqlError.ts';
import { CancelledError, serializeError } from '../../core/errors.ts';
import type { QueryContext } from '../../core/queries/queryContext.ts';
import { longRequests } from '../../protocol/longRequests.ts';
import type { ReaderCommand, ReaderReply, SnapshotAnswer } from '../../protocol/readerProtocol.ts';
import { systemClock } from '../systemClock.ts';
import { answers } from './answers.ts';
import { backupCopies } from './backupCopies.ts';
import type { CancelFlags } from './cancelFlags.ts';
import { nodeFiles } from './nodeFiles.ts';

type Request = Extract<ReaderCommand, { kind: 'request' }>;

interface RequestQueueOptions {
  readonly engine: SqlEngine;
  /** In bytes, for each database. */
  readonly cacheBytes: number;
  readonly cancelFlags: CancelFlags;
  readonly reply: (reply: ReaderReply) => void;
  /** SQLite itself broke down: this thread is of no more use. */
  readonly onBreakdown: () => void;
}

/** Answers one request after the other, keeping each database open between them. */
export class RequestQueue {
  readonly #options: RequestQueueOptions;
  readonly #readers = new Map<string, SnapshotReader>();
  #last: Promise<void> = Promise.resolve();

  constructor(options: RequestQueueOptions) {
    this.#options = options;
  }

  accept(command: Request | Extract<ReaderCommand, { kind: 'forget' }>): void {
    this.#last = this.#last.then(async () => {
      if (command.kind === 'forget') this.#forget(command.path);
      else await this.#answer(command);
    });
  }

  async #answer(request: Request): Promise<void> {
    const { reply, onBreakdown } = this.#options;
    const { id } = request;
    try {
      reply({ kind: 'answer', id, answer: await this.#read(request) });
    } catch (error) {
      reply({ kind: 'error', id, error: serializeError(error) });
      const cause = error instanceof Error ? error.cause : undefined;
      if (cause instanceof SqlError && cause.isFatal) onBreakdown();
    }
  }

  async #read({ id, path, name, params }: Request): Promise<SnapshotAnswer<unknown>> {
    const checkCancelled = (): void => {
      if (this.#options.cancelFlags.isCancelled(id)) throw new CancelledError('Reading the database');
    };
    checkCancelled();
    const reader = this.#readerOf(path);
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

  #readerOf(path: string): SnapshotReader {
    const known = this.#readers.get(path);
    if (known !== undefined) return known;
    const { engine, cacheBytes } = this.#options;
    const ports = { files: nodeFiles, engine, clock: systemClock, copies: backupCopies };
    const reader = new SnapshotReader(path, ports, cacheBytes);
    this.#readers.set(path, reader);
    return reader;
  }

  #forget(path: string): void {
    this.#readers.get(path)?.close();
    this.#readers.delete(path);
  }
}
