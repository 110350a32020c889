import type { SnapshotVersion } from '../../core/db/snapshot/sourceFiles.ts';
import type { SerializedError } from '../../core/errors.ts';
import type { DatabaseFile } from '../../core/model/databaseFacts.ts';
import type { NeededData } from '../postgres/replica.ts';
import type { ReaderRequestName } from '../../protocol/readerProtocol.ts';

/** The replica that a question is answered from. */
export interface ReadyReplica {
  /** The SQLite file; absolute. */
  readonly path: string;
  /** What takes the place of the facts of that file. */
  readonly file: DatabaseFile;
  readonly version: SnapshotVersion;
}

/** Host to the thread that keeps replicas; `kept` answers `keep`. */
export type PostgresCommand =
  | {
      readonly kind: 'sync';
      readonly id: number;
      /** A PostgreSQL path. */
      readonly path: string;
      readonly password: string | null;
      readonly needed: NeededData;
      /** Whether programs ask, whose texts are English. */
      readonly isInEnglish: boolean;
    }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'kept' }
  | { readonly kind: 'stop' };

/** The thread to its host; `keep` and `let-go` as in `ReaderReply`. */
export type PostgresReply =
  | { readonly kind: 'keep' | 'let-go' }
  | { readonly kind: 'synced'; readonly id: number; readonly replica: ReadyReplica }
  | { readonly kind: 'error'; readonly id: number; readonly error: SerializedError };

const estimation = 'token_estimation_v2_events';
const escalation = 'token_budget_escalation_events';
const usage = 'llm_usage_events';

/** Which tables of events the answer to a question is read from; those that are not here need none. */
const neededBy: Readonly<Partial<Record<ReaderRequestName, 'all' | readonly string[]>>> = {
  identity: 'all',
  runToDelete: 'all',
  failures: ['phase_outcome_events'],
  phaseOutcome: [estimation, escalation, usage],
  eventCounts: [estimation, escalation],
  telemetryEvents: [estimation],
  phaseEvents: [estimation],
  selectedEvents: [estimation],
  telemetry: [estimation, usage],
  telemetryView: [estimation, usage],
  telemetryHtml: [estimation, usage],
  telemetrySamples: [estimation, usage],
  modelFigures: [estimation, usage],
  coverage: [estimation, usage],
  calibration: [estimation, usage],
};

/** What a question needs: the size of the database is only shown with its identity. */
export function neededData(name: ReaderRequestName): NeededData {
  return { events: neededBy[name] ?? [], size: name === 'identity' };
}
