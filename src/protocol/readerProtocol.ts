import type { DecodeWarning } from '../core/db/decodeWarnings.ts';
import type { SerializedError } from '../core/errors.ts';
import type { DatabaseFacts } from '../core/model/databaseFacts.ts';
import type { Phase, PhaseKey } from '../core/model/phase.ts';
import type { RunDetail, RunSummary } from '../core/model/run.ts';

/** Every question that can be put to the reader's worker: its parameters and its answer. */
export interface ReaderRequests {
  readonly identity: { readonly params: null; readonly result: DatabaseFacts };
  readonly listRuns: { readonly params: null; readonly result: readonly RunSummary[] };
  /** Fails with `unknown-run`. */
  readonly runDetail: { readonly params: { readonly runId: string }; readonly result: RunDetail };
  /** Fails with `unknown-phase`. */
  readonly phase: { readonly params: PhaseKey; readonly result: Phase };
}

/** The name of a question. */
export type ReaderRequestName = keyof ReaderRequests;

/** Which committed state an answer was read from; equal tokens mean an equal state. */
export interface SnapshotVersion {
  readonly token: string;
  /** `device:inode`: another one under the same path means the file was replaced. */
  readonly fileId: string;
}

/** An answer with the state it was read from and the oddities met on the way. */
export interface SnapshotAnswer<T> {
  readonly value: T;
  readonly version: SnapshotVersion;
  readonly warnings: readonly DecodeWarning[];
}

/** Host to worker. */
export type ReaderCommand =
  | {
      readonly kind: 'request';
      readonly id: number;
      readonly path: string;
      readonly name: ReaderRequestName;
      readonly params: unknown;
    }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'forget'; readonly path: string };

/** Worker to host. */
export type ReaderReply =
  | { readonly kind: 'answer'; readonly id: number; readonly answer: SnapshotAnswer<unknown> }
  | { readonly kind: 'error'; readonly id: number; readonly error: SerializedError };

/** What the editor and the command line hold: asks the worker, and can be cancelled. */
export interface DatabaseReader {
  /** `path` is absolute. Rejects with `UserFacingError`, or `CancelledError` when the signal fires. */
  ask<Name extends ReaderRequestName>(
    path: string,
    name: Name,
    params: ReaderRequests[Name]['params'],
    signal?: AbortSignal,
  ): Promise<SnapshotAnswer<ReaderRequests[Name]['result']>>;
  /** Ends the worker; questions under way are rejected as cancelled. */
  dispose(): Promise<void>;
}
