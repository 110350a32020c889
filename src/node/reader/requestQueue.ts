import type { QueryContext } from '../../core/db/scan/queryContext.ts';
import type { StartThreads } from '../../core/db/snapshot/snapshotConnection.ts';
import { SnapshotReader, type PrivateCopyPort } from '../../core/db/snapshot/snapshotReader.ts';
import type { SourceFiles } from '../../core/db/snapshot/sourceFiles.ts';
import type { SqlEngine } from '../../core/db/sqlJs/sqlEngine.ts';
import { SqlError } from '../../core/db/sqlJs/sqlJsDatabase.ts';
import { drainCandidates } from '../../core/drain/drainCandidates.ts';
import { phaseOutcome } from '../../core/drain/phaseOutcome.ts';
import { CancelledError, serializeError, UserFacingError } from '../../core/errors.ts';
import { failures } from '../../core/failures/failureReport.ts';
import { databaseFingerprint } from '../../core/identity/databaseFingerprint.ts';
import { backupContent } from '../../core/maintenance/backupContent.ts';
import { findCanaries } from '../../core/maintenance/canaryRun.ts';
import { runToDelete } from '../../core/maintenance/deleteRun.ts';
import { stalePhases } from '../../core/maintenance/markStale.ts';
import { requeueSelection } from '../../core/maintenance/requeue.ts';
import { identity } from '../../core/queries/identity.ts';
import { matchingRuns } from '../../core/queries/matchingRuns.ts';
import { phaseByKey } from '../../core/queries/phases.ts';
import { listRuns, runDetail } from '../../core/queries/runs.ts';
import { phaseKinds } from '../../core/queries/stateCounts.ts';
import { coverage } from '../../core/seed/seedInventory.ts';
import { eventCounts } from '../../core/telemetry/analysis/eventCounts.ts';
import { calibration } from '../../core/telemetry/calibration/calibrate.ts';
import type { TelemetryThreads } from '../../core/telemetry/evidence/describeRatios.ts';
import { modelFigures } from '../../core/telemetry/page/modelFigures.ts';
import { selectedEvents, telemetryEvents } from '../../core/telemetry/page/telemetryEvents.ts';
import { telemetrySource } from '../../core/telemetry/page/telemetrySource.ts';
import { viewTelemetry } from '../../core/telemetry/page/telemetryView.ts';
import { renderTelemetryHtml } from '../../core/telemetry/report/htmlReport.ts';
import { telemetryFindings } from '../../core/telemetry/report/telemetryFindings.ts';
import { readTelemetrySamples } from '../../core/telemetry/samples/readTelemetrySamples.ts';
import {
  longRequests,
  type DatabaseBytes,
  type ReaderCommand,
  type ReaderReply,
  type SnapshotAnswer,
  type ReaderRequestName,
  type ReaderRequests,
} from '../../protocol/readerProtocol.ts';
import { systemClock, sha256Hex } from '../system/systemPorts.ts';
import type { CancelFlags } from './cancelFlags.ts';
import { BytesInMemory } from './virtualFiles.ts';

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
    return reader.read({
      key: `${name} ${JSON.stringify(params)}`,
      run: (context) => answer(context, params),
      isLong: longRequests.has(name),
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

  #connect(path: string, content: DatabaseBytes | undefined): OpenDatabase {
    const { engine, files, copies, cacheBytes, startThreads } = this.#options;
    const inMemory = content === undefined ? null : new BytesInMemory(path, content);
    const ports = { files: inMemory ?? files, engine, clock: systemClock, copies, startThreads };
    return { reader: new SnapshotReader(path, ports, { cacheBytes }), inMemory };
  }
}

/** A query function for every question of the protocol that needs one. A new question is a line there and a line here. */
type Answers = {
  readonly [Name in Exclude<ReaderRequestName, 'version'>]: (
    context: QueryContext,
    params: ReaderRequests[Name]['params'],
  ) => ReaderRequests[Name]['result'];
};

/** What the worker knows how to answer. */
const answers: Answers = {
  identity: (context) => identity(context, sha256Hex),
  databaseFingerprint: (context, question) => databaseFingerprint(context, question, sha256Hex),
  listRuns,
  matchingRuns,
  phaseKinds,
  runDetail,
  phase: phaseByKey,
  telemetry: (context, { options, ...question }) =>
    telemetryFindings(
      readTelemetrySamples(context),
      options,
      question,
      (context.threads as TelemetryThreads | undefined)?.describeRatios,
    ),
  coverage,
  eventCounts,
  telemetryEvents,
  selectedEvents,
  telemetryHtml: (context, { options, ...question }) =>
    renderTelemetryHtml(readTelemetrySamples(context), options, question),
  calibration,
  telemetrySamples: (context, { withDetails }) => readTelemetrySamples(context, withDetails),
  modelFigures: (context, question) => modelFigures(telemetrySource(context).samples, question),
  telemetryView: (context, question) => viewTelemetry(telemetrySource(context), question),
  stalePhases: (context, { before }) => stalePhases(context, before),
  requeueSelection,
  runToDelete,
  failures,
  backupContent,
  leftCanaries: ({ db, schema }) => findCanaries(db, schema),
  drainCandidates,
  phaseOutcome: (context, { key, since }) => phaseOutcome(context, key, since),
};
