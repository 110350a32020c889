import { t } from '../core/text/l10n.ts';
import type { QueryContext } from '../core/db/scan/queryContext.ts';
import type { StartThreads } from '../core/db/snapshot/snapshotConnection.ts';
import { SnapshotReader, type PrivateCopyPort } from '../core/db/snapshot/snapshotReader.ts';
import type { SourceFiles } from '../core/db/snapshot/sourceFiles.ts';
import type { SqlEngine } from '../core/db/sqlJs/sqlEngine.ts';
import { SqlError } from '../core/db/sqlJs/sqlJsDatabase.ts';
import { drainCandidates } from '../core/drain/drainCandidates.ts';
import { phaseOutcome } from '../core/drain/phaseOutcome.ts';
import { CancelledError, serializeError, UserFacingError } from '../core/errors.ts';
import { failures } from '../core/failures/failureReport.ts';
import { databaseFingerprint } from '../core/identity/databaseFingerprint.ts';
import { databaseChanges } from '../core/identity/journalTable.ts';
import { findCanaries } from '../core/maintenance/canaryRun.ts';
import { runToDelete } from '../core/maintenance/deleteRun.ts';
import { stalePhases } from '../core/maintenance/markStale.ts';
import { requeueSelection } from '../core/maintenance/requeue.ts';
import { identity } from '../core/queries/identity.ts';
import { matchingRuns } from '../core/queries/matchingRuns.ts';
import { phaseByKey } from '../core/queries/phases.ts';
import { listRuns, runDetail } from '../core/queries/runs.ts';
import { listPhases } from '../core/queries/listPhases.ts';
import { searchPhases } from '../core/queries/searchPhases.ts';
import { phaseKinds } from '../core/queries/stateCounts.ts';
import { eventCounts } from '../core/telemetry/analysis/eventCounts.ts';
import {
  longRequests,
  type DatabaseBytes,
  type ReaderCommand,
  type ReaderReply,
  type SnapshotAnswer,
  type ReaderRequestName,
} from '../protocol/readerProtocol.ts';
import type { Sha256Hex } from '../core/identity/schemaFacts.ts';
import type { ClockPort } from '../core/ports.ts';
import type { CancelFlags } from './sharedMemory.ts';
import type { Answer, TelemetryRequestName } from './telemetryAnswers.ts';
import { BytesInMemory } from './virtualFiles.ts';

type Request = Extract<ReaderCommand, { kind: 'request' }>;

interface RequestQueueOptions {
  readonly engine: SqlEngine;
  readonly files: SourceFiles;
  readonly copies: PrivateCopyPort;
  readonly clock: ClockPort;
  readonly sha256: Sha256Hex;
  /** Does what is asked for by programs and agents, whose texts are English. */
  readonly inEnglish: <Result>(work: () => Result) => Result;
  /** Where large tables are read by several threads. */
  readonly startThreads?: StartThreads | undefined;
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
  readonly #answers: Answers;
  readonly #databases = new Map<string, OpenDatabase>();
  #last: Promise<void> = Promise.resolve();

  constructor(options: RequestQueueOptions) {
    this.#options = options;
    this.#answers = answersWith(options.sha256);
  }

  accept(request: Request): void {
    this.#last = this.#last.then(() =>
      request.isInEnglish ? this.#options.inEnglish(() => this.#answer(request)) : this.#answer(request),
    );
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

  async #read({
    id,
    path,
    name,
    params,
    content,
    file,
    isInEnglish,
  }: Request): Promise<SnapshotAnswer<unknown>> {
    const checkCancelled = (): void => {
      if (this.#options.cancelFlags.isCancelled(id)) throw new CancelledError(t`Reading the database`);
    };
    checkCancelled();
    const reader = this.#open(path, content);
    if (name === 'version') return { value: null, version: reader.version(), warnings: [] };
    const answer = await this.#answerTo(name);
    return reader.read({
      key: `${isInEnglish ? 'en' : 'translated'} ${name} ${JSON.stringify(params)}`,
      // The protocol gives each question the type of its parameters.
      run: (context) => answer(context, params as never),
      // Replicas move with their server, about every second.
      isLong: longRequests.has(name) || file !== undefined,
      file,
      checkCancelled,
    });
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

  /** The function that answers a question; telemetry is most of the code, and loaded when it is asked for. */
  async #answerTo(
    name: Exclude<ReaderRequestName, 'version'>,
  ): Promise<(context: QueryContext, params: never) => unknown> {
    if (isQuick(this.#answers, name)) return this.#answers[name];
    const { telemetryAnswers } = await import('./telemetryAnswers.ts');
    return telemetryAnswers[name];
  }

  #connect(path: string, content: DatabaseBytes | undefined): OpenDatabase {
    const { engine, files, copies, clock, cacheBytes, startThreads } = this.#options;
    const inMemory = content === undefined ? null : new BytesInMemory(path, content);
    const threads = startThreads === undefined ? {} : { startThreads };
    const ports = { files: inMemory ?? files, engine, clock, copies, ...threads };
    return { reader: new SnapshotReader(path, ports, { cacheBytes }), inMemory };
  }
}

/**
 * A query function for every question of the protocol that needs one. A new question is a line there and a line here, or
 * in `telemetryAnswers`.
 */
type Answers = {
  readonly [Name in Exclude<ReaderRequestName, 'version' | TelemetryRequestName>]: Answer<Name>;
};

/** What the worker knows how to answer from its start on. */
const answersWith = (sha256: Sha256Hex): Answers => ({
  databaseFile: ({ file }) => file,
  identity: (context) => identity(context, sha256),
  databaseFingerprint: (context, question) => databaseFingerprint(context, question, sha256),
  databaseChanges,
  listRuns,
  matchingRuns,
  phaseKinds,
  listPhases,
  searchPhases,
  runDetail,
  phase: phaseByKey,
  eventCounts,
  stalePhases: (context, { before }) => stalePhases(context, before),
  requeueSelection,
  runToDelete,
  failures,
  leftCanaries: ({ db, schema }) => findCanaries(db, schema),
  drainCandidates,
  phaseOutcome: (context, { key, since }) => phaseOutcome(context, key, since),
});

function isQuick(answers: Answers, name: Exclude<ReaderRequestName, 'version'>): name is keyof Answers {
  return Object.hasOwn(answers, name);
}
