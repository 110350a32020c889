import type { WriteExpectation } from '../identity/databaseFingerprint.ts';
import type { ExecutorPort } from '../model/execution.ts';
import type { PersonPort, PhaseLedgerPort } from '../model/executionHost.ts';
import type { PhaseKey } from '../model/phase.ts';
import type { PhaseObservation, TelemetryMarks } from '../model/phaseObservation.ts';
import type { State } from '../model/state.ts';
import type { ClockPort, LoggerPort } from '../ports.ts';
import type { DrainBacklog, DrainScope } from '../queries/candidates.ts';
import type { AutopackSession } from './autopackSession.ts';
import type { DrainRequest } from './drainOptions.ts';
import type { PauseGate } from './drainProgress.ts';
import type { HygieneSession } from './hygieneSession.ts';
import type { SharingPort } from './sharedDrain.ts';

/** The database of one drain. Every answer is read anew; all fail with `UserFacingError`. */
export interface DrainStorePort extends PhaseLedgerPort {
  /** Which database it is. */
  identity(signal: AbortSignal): Promise<DrainedDatabase>;
  backlog(scope: DrainScope, signal: AbortSignal): Promise<DrainBacklog>;
  /** A phase, its run, and the telemetry that appeared behind `since`. */
  observe(key: PhaseKey, since: TelemetryMarks | null, signal?: AbortSignal): Promise<PhaseObservation>;
  /** Sets a phase FAILED with a reason if its state still is `from`; returns whether it did. */
  fail(key: PhaseKey, reason: string, from: State): Promise<boolean>;
  /** Notes in the journal that a drain begins, and tells the serial of that change; what is written from now on is of its session. */
  begin(drain: DrainBegun): Promise<number>;
  /** Notes how it ended, and tells the serial of that change. */
  end(drain: DrainEnded): Promise<number>;
  /** Puts a phase back in the queue if its state still is `from`; returns whether it did. */
  requeue(key: PhaseKey, from: State): Promise<boolean>;
}

/** A database that is drained, as it was looked at. */
export interface DrainedDatabase extends WriteExpectation {
  /** The last change that this product made in it. */
  readonly lastSerial: number;
}

/** A drain that begins, for the journal. */
export interface DrainBegun {
  readonly sessionId: string;
  readonly executor: string;
  /** How many it may execute. */
  readonly phases: number;
}

/** A drain that has ended, for the journal: what came of it, and the kind of its stop. */
export interface DrainEnded {
  readonly executed: number;
  readonly succeeded: number;
  readonly stop: string;
}

/** Where a new session is kept. */
export interface SessionPlace {
  /** `batch-drain-YYYYMMDD-HHMMSS`, unique in its folder. */
  readonly sessionId: string;
  /** The file Autopack reads; absolute. */
  readonly sessionPath: string;
}

/** The log files of one attempt; absolute. */
export interface LogPaths {
  readonly stdoutPath: string;
  readonly stderrPath: string;
}

/** A session as it lies on disk. */
export interface StoredSession {
  /** Absolute. */
  readonly sessionPath: string;
  readonly session: AutopackSession;
  /**
   * With the real path of its database, and with the results that Autopack's own controller has added since; `null`
   * for a session of Autopack.
   */
  readonly facts: HygieneSession | null;
}

/** The session files of one workspace. All fail with `UserFacingError`. */
export interface SessionFilesPort {
  /** Reserves an id near the time given. */
  create(startedAt: number): Promise<SessionPlace>;
  /**
   * Replaces both files of a session, each atomically. Fails with `changed` where another program wrote the one of
   * Autopack since it was written or loaded here: that one is left, and ours holds all we know.
   */
  save(session: AutopackSession, facts: HygieneSession): Promise<void>;
  /** Reads a session of ours or of Autopack. Fails with `not-found`, or `unreadable` where it is no session. */
  load(sessionId: string): Promise<StoredSession>;
  /** The names of an attempt's logs; their folder exists. */
  logPaths(sessionId: string, key: PhaseKey, attempt: number): Promise<LogPaths>;
}

/** All that a drain does to the world. */
export interface DrainPorts {
  readonly clock: ClockPort;
  readonly executor: ExecutorPort;
  readonly store: DrainStorePort;
  readonly sessions: SessionFilesPort;
  readonly logger: LoggerPort;
  /** Asked before a built-in builder writes files; `null`, or without it, nobody is. */
  readonly person?: PersonPort | null | undefined;
  /** Where several may work on one drain; without it, this process alone does. */
  readonly sharing?: SharingPort | undefined;
}

/** What is drained and where; both absolute. */
export interface DrainLocation {
  readonly databasePath: string;
  /** The repository root in which phases are executed. */
  readonly workspaceFolder: string;
}

/** A drain from the plan that a person sees to the process that runs it: made once, then passed on. */
export interface DrainJob extends DrainLocation {
  readonly options: DrainRequest;
  /** The session to go on with; its options hold where the job's say nothing. A new one without it. */
  readonly resume?: string | undefined;
}

/** A job as it is run. */
export interface DrainOrder extends DrainJob {
  /** What a person should know before, for the summary's warnings. */
  readonly notes?: readonly string[];
  /** Closed, it keeps the drain from starting another phase until it is opened. */
  readonly gate?: PauseGate;
}
