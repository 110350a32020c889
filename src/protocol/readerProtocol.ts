import type { SnapshotRead } from '../core/db/snapshot/snapshotReader.ts';
import type { SerializedError } from '../core/errors.ts';
import type { FailureReport, FoundReason } from '../core/failures/clusterFailures.ts';
import type { DatabaseFingerprint, FingerprintRequest } from '../core/identity/databaseFingerprint.ts';
import type { DatabaseChanges } from '../core/identity/journalReport.ts';
import type { ChangeSelection } from '../core/identity/journalTable.ts';
import type { StaleReport } from '../core/identity/stalePhase.ts';
import type { BackupContent } from '../core/maintenance/backupContent.ts';
import type { RunToDelete } from '../core/maintenance/deleteRun.ts';
import type { RequeueScope, RequeueSelection } from '../core/maintenance/requeue.ts';
import type { DatabaseFacts, DatabaseFile } from '../core/model/databaseFacts.ts';
import type { Phase, PhaseKey } from '../core/model/phase.ts';
import type { PhaseFilter } from '../core/model/phaseFilter.ts';
import type { PhaseObservation, TelemetryMarks } from '../core/model/phaseObservation.ts';
import type { MatchingRuns, RunDetail, RunSummary } from '../core/model/run.ts';
import type { TelemetryEvent } from '../core/model/telemetryEvent.ts';
import type { DrainBacklog, DrainScope } from '../core/queries/candidates.ts';
import type { PhaseList, PhaseListQuestion } from '../core/queries/listPhases.ts';
import type { FoundPhases, PhaseSearch } from '../core/queries/searchPhases.ts';
import type { PhaseKinds } from '../core/queries/stateCounts.ts';
import type { CoverageAnswer } from '../core/seed/seedInventory.ts';
import type { EventCounts } from '../core/telemetry/analysis/eventCounts.ts';
import type { TelemetryOptions } from '../core/telemetry/analysis/telemetryAnalysis.ts';
import type {
  CalibrationOptions,
  CalibrationResult,
} from '../core/telemetry/calibration/calibrationProposal.ts';
import type { ModelFigures } from '../core/telemetry/page/modelFigures.ts';
import type { EventPage, EventSelection } from '../core/telemetry/page/telemetryEvents.ts';
import type { TelemetryFilter } from '../core/telemetry/page/telemetryFilter.ts';
import type { TelemetryView, TelemetryViewQuestion } from '../core/telemetry/page/telemetryView.ts';
import type { HtmlReport } from '../core/telemetry/report/htmlReport.ts';
import type { FindingsQuestion, TelemetryFindings } from '../core/telemetry/report/telemetryFindings.ts';
import type { TelemetrySamples } from '../core/telemetry/samples/telemetrySamples.ts';
import type { Translations } from '../core/text/l10n.ts';

/** Every question that can be put to the reader's worker: its parameters and its answer. */
export interface ReaderRequests {
  /** Only which committed state the database is in: cheap, and no row is read. */
  readonly version: { readonly params: null; readonly result: null };
  /** The file, or the server and the connection: cheap, and no row is counted. */
  readonly databaseFile: { readonly params: null; readonly result: DatabaseFile };
  readonly identity: { readonly params: null; readonly result: DatabaseFacts };
  /** By what the database is told from others: cheap, whatever its size. */
  readonly databaseFingerprint: { readonly params: FingerprintRequest; readonly result: DatabaseFingerprint };
  /** What this product changed in it, the last first. */
  readonly databaseChanges: { readonly params: ChangeSelection; readonly result: DatabaseChanges };
  readonly listRuns: { readonly params: null; readonly result: readonly RunSummary[] };
  /** The runs with phases that pass a filter. */
  readonly matchingRuns: { readonly params: PhaseFilter; readonly result: MatchingRuns };
  /** How many phases there are of each kind a filter can ask for. */
  readonly phaseKinds: { readonly params: null; readonly result: PhaseKinds };
  /** Phases that pass a filter, of whatever run. */
  readonly listPhases: { readonly params: PhaseListQuestion; readonly result: PhaseList };
  /** Phases by any of their texts. */
  readonly searchPhases: { readonly params: PhaseSearch; readonly result: FoundPhases };
  /** Fails with `unknown-run`. */
  readonly runDetail: { readonly params: { readonly runId: string }; readonly result: RunDetail };
  /** Fails with `unknown-phase`. */
  readonly phase: { readonly params: PhaseKey; readonly result: Phase };
  /** Fails with `no-telemetry-table`. */
  readonly telemetry: {
    readonly params: { readonly options: TelemetryOptions } & FindingsQuestion;
    readonly result: TelemetryFindings;
  };
  /** What is known of each kind of phase. Fails with `no-telemetry-table`. */
  readonly coverage: { readonly params: null; readonly result: CoverageAnswer };
  /** What the telemetry bears for the estimator's coefficients. Fails with `no-telemetry-table`, `wrong-role`. */
  readonly calibration: { readonly params: CalibrationOptions; readonly result: CalibrationResult };
  /** How many telemetry events a run has, or with `null` the whole database. */
  readonly eventCounts: { readonly params: { readonly runId: string | null }; readonly result: EventCounts };
  /** Which events a filter leaves. Fails with `no-telemetry-table`. */
  readonly selectedEvents: { readonly params: TelemetryFilter; readonly result: EventSelection };
  /** Events by row id, a page at a time. Fails with `no-telemetry-table`. */
  readonly telemetryEvents: { readonly params: EventPage; readonly result: readonly TelemetryEvent[] };
  /** Those of one phase, the newest first. Fails with `no-telemetry-table`. */
  readonly phaseEvents: { readonly params: PhaseKey; readonly result: readonly TelemetryEvent[] };
  /** The report as an HTML page of its own. Fails with `no-telemetry-table`. */
  readonly telemetryHtml: {
    readonly params: { readonly options: TelemetryOptions } & FindingsQuestion;
    readonly result: HtmlReport;
  };
  /** The samples themselves, with their deliverables if asked for. Fails with `no-telemetry-table`. */
  readonly telemetrySamples: {
    readonly params: { readonly withDetails: boolean };
    readonly result: TelemetrySamples;
  };
  /** The same for a filter's samples, with points to draw. Fails with `no-telemetry-table`. */
  readonly telemetryView: { readonly params: TelemetryViewQuestion; readonly result: TelemetryView };
  /** The figures of each model among a filter's samples. Fails with `no-telemetry-table`. */
  readonly modelFigures: {
    readonly params: TelemetryViewQuestion;
    readonly result: readonly ModelFigures[];
  };
  /** Phases without a change since `before` (ms since the epoch); see `stalePhases` for what counts. */
  readonly stalePhases: { readonly params: { readonly before: number }; readonly result: StaleReport };
  /** What could be queued again. Fails with `unknown-run`, `unknown-phase`, `not-found`. */
  readonly requeueSelection: { readonly params: RequeueScope; readonly result: RequeueSelection };
  /** What would go with a run. Fails with `unknown-run`, `held`. */
  readonly runToDelete: { readonly params: { readonly runId: string }; readonly result: RunToDelete };
  /** What failed, clustered by why; with reasons that were found outside of the database, or `null` for none. */
  readonly failures: { readonly params: readonly FoundReason[] | null; readonly result: FailureReport };
  /** What a backup holds, and whether it is whole. */
  readonly backupContent: { readonly params: null; readonly result: BackupContent };
  /** The ids of canary runs that were left behind. */
  readonly leftCanaries: { readonly params: null; readonly result: readonly string[] };
  /** What a drain can take. Fails with `not-autopack`. */
  readonly drainCandidates: { readonly params: DrainScope; readonly result: DrainBacklog };
  /** A phase before (`since` is null) or after its execution. */
  readonly phaseOutcome: {
    readonly params: { readonly key: PhaseKey; readonly since: TelemetryMarks | null };
    readonly result: PhaseObservation;
  };
}

/** The name of a question. */
export type ReaderRequestName = keyof ReaderRequests;

/** An answer with the state it was read from and the warnings met on the way; that to `version` has no revision. */
export type SnapshotAnswer<T> = Omit<SnapshotRead<T>, 'revision' | 'readFrom'> &
  Partial<Pick<SnapshotRead<T>, 'revision' | 'readFrom'>>;

/** Host to worker. `start` comes first; `kept` answers `keep`. */
export type ReaderCommand =
  | {
      readonly kind: 'start';
      /** The compiled `sql-wasm.wasm`. */
      readonly wasm: WebAssembly.Module;
      readonly cacheBytes: number;
      /** The script of the threads that read large tables beside the worker, as a URL; `null` where there are none. */
      readonly scanWorkerUrl: string | null;
      /** Shared with the host where memory can be: see `CancelFlags`. */
      readonly cancelFlags: Int32Array;
      /** For a thread that is not told of its language by how it is started. */
      readonly translations?: Translations;
    }
  | { readonly kind: 'kept' }
  | {
      readonly kind: 'request';
      readonly id: number;
      readonly path: string;
      readonly name: ReaderRequestName;
      readonly params: unknown;
      /** Texts of the answer are in English, whatever language the thread was started with. */
      readonly isInEnglish: boolean;
      /** The content of the database where `path` is not one of the local file system. */
      readonly content?: DatabaseBytes;
      /** What the answer says of the file, where `path` is that of a replica of another database. */
      readonly file?: DatabaseFile;
    };

/** A database and what lies beside it, whole, in memory that both threads share where it can be. */
export interface DatabaseBytes {
  /** Grows with every change. */
  readonly revision: number;
  /** When the database itself was written, in ms since the epoch; 0 where it is unknown. */
  readonly modifiedAt: number;
  /** By suffix: the database itself under the empty one, then `-wal` and `-journal`; what is missing has no entry. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/**
 * Worker to host; `ready` once, when questions can be answered. The worker says which files it `opened`, and leaves it to
 * the host to `close` them; it asks for locks to be kept (`keep`) before SQLite opens a file in it, and until `let-go`.
 */
export type ReaderReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'opened' | 'close'; readonly descriptor: number }
  | { readonly kind: 'keep' | 'let-go' }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: SnapshotAnswer<unknown> }
  | { readonly kind: 'error'; readonly id: number; readonly error: SerializedError };

/** What the editor and the command line hold: asks the worker, and can be cancelled. */
export interface DatabaseReader {
  /** `path` is absolute. Rejects with `UserFacingError`, or `CancelledError` when the signal fires. */
  request<Name extends ReaderRequestName>(
    path: string,
    name: Name,
    params: ReaderRequests[Name]['params'],
    signal?: AbortSignal,
  ): Promise<SnapshotAnswer<ReaderRequests[Name]['result']>>;
  /** Ends the worker; questions under way are rejected as cancelled. */
  dispose(): Promise<void>;
}

/**
 * Questions that read much of the database: they have a thread of their own, and where a writer never pauses for as long
 * as they take, they are answered from a private copy.
 */
export const longRequests: ReadonlySet<ReaderRequestName> = new Set<ReaderRequestName>([
  'telemetry',
  'telemetryView',
  'modelFigures',
  'telemetryHtml',
  'selectedEvents',
  'telemetrySamples',
  'coverage',
  'calibration',
  'backupContent',
]);

/** Those of them that compute long and share nothing with the others: another thread, so that nobody waits behind them. */
export const slowRequests: ReadonlySet<ReaderRequestName> = new Set<ReaderRequestName>([
  'telemetry',
  'telemetryHtml',
  'telemetrySamples',
  'calibration',
  'backupContent',
]);
