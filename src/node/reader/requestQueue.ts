import { SnapshotReader } from '../../core/db/snapshot/snapshotReader.ts';
import type { SourceFiles } from '../../core/db/snapshot/sourceFiles.ts';
import type { SqlEngine } from '../../core/db/sqlJs/sqlEngine.ts';
import { CancelledError, serializeError } from '../../core/errors.ts';
import type { QueryContext } from '../../core/queries/queryContext.ts';
import type { ReaderCommand, ReaderReply, SnapshotAnswer } from '../../protocol/readerProtocol.ts';
import { answers } from './answers.ts';
import { systemClock } from '../systemClock.ts';
import type { CancelFlags } from './cancelFlags.ts';

type Request = Extract<ReaderCommand, { kind: 'request' }>;

/** Answers one request after the other, keeping each database open between them. */
export class RequestQueue {
  readonly #engine: SqlEngine;
  readonly #files: SourceFiles;
  readonly #cancelFlags: CancelFlags;
  readonly #reply: (reply: ReaderReply) => void;
  readonly #readers = new Map<string, SnapshotReader>();
  #last: Promise<void> = Promise.resolve();

  constructor(
    engine: SqlEngine,
    files: SourceFiles,
    cancelFlags: CancelFlags,
    reply: (reply: ReaderReply) => void,
  ) {
    this.#engine = engine;
    this.#files = files;
    this.#cancelFlags = cancelFlags;
    this.#reply = reply;
  }

  accept(command: Request | Extract<ReaderCommand, { kind: 'forget' }>): void {
    this.#last = this.#last.then(async () => {
      if (command.kind === 'forget') this.#forget(command.path);
      else await this.#answer(command);
    });
  }

  async #answer(request: Request): Promise<void> {
    const { id } = request;
    try {
      if (this.#cancelFlags.isCancelled(id)) throw new CancelledError('Reading the database');
      this.#reply({ kind: 'answer', id, answer: await this.#read(request) });
    } catch (error) {
      this.#reply({ kind: 'error', id, error: serializeError(error) });
    }
  }

  async #read({ path, name, params }: Request): Promise<SnapshotAnswer<unknown>> {
    const reader = this.#readerOf(path);
    if (name === 'version') return { value: null, version: reader.version(), warnings: [] };
    const answer = answers[name] as ((context: QueryContext, params: unknown) => unknown) | undefined;
    if (answer === undefined) throw new Error(`No answer to ${name}.`);
    return reader.read((context) => answer(context, params));
  }

  #readerOf(path: string): SnapshotReader {
    const known = this.#readers.get(path);
    if (known !== undefined) return known;
    const reader = new SnapshotReader(path, this.#files, this.#engine, systemClock);
    this.#readers.set(path, reader);
    return reader;
  }

  #forget(path: string): void {
    this.#readers.get(path)?.close();
    this.#readers.delete(path);
  }
}
