import type { ExpectedFile, WriteOperation } from '../../core/db/databasePorts.ts';
import type { SerializedError } from '../../core/errors.ts';
import { failPhaseOperation, requeuePhaseOperation } from '../../core/maintenance/failPhase.ts';
import { deleteCanariesOperation, insertCanaryOperation } from '../../core/maintenance/canaryRun.ts';
import { deleteRunOperation } from '../../core/maintenance/deleteRun.ts';
import { markStaleOperation } from '../../core/maintenance/markStale.ts';
import { requeueOperation } from '../../core/maintenance/requeue.ts';
import { claimPhaseOperation } from '../../core/builders/claimPhase.ts';
import { settlePhaseOperation } from '../../core/builders/settlePhase.ts';
import { adoptOperation } from '../../core/identity/adoptDatabase.ts';
import {
  forgetApprovalsOperation,
  grantApprovalOperation,
  useApprovalOperation,
} from '../../core/identity/approvals.ts';
import type { JournalAuthor } from '../../core/identity/journalEntry.ts';
import { drainBeganEvent, drainEndedEvent, restoredEvent } from '../../core/identity/notedEvents.ts';
import { setLevelOperation } from '../../core/identity/setLevel.ts';
import { undoOperation } from '../../core/maintenance/undoChange.ts';
import { initOperation, seedOperation } from '../../core/seed/seedDatabase.ts';

/** Messages to the process that writes. One `perform` or `recover` at a time; `commit` answers `written`. */
export type WriterCommand =
  | {
      readonly kind: 'perform';
      readonly path: string;
      readonly operation: string;
      readonly params: unknown;
      readonly expected: ExpectedFile | undefined;
      readonly lockTimeoutMs: number | undefined;
      /** For the journal, see `DatabaseWriterOptions`. */
      readonly author: JournalAuthor;
      readonly journalFolder: string | null;
      /** Of a database on a server, where one was given. */
      readonly password: string | null;
    }
  /** Lets SQLite roll back what a process left that was ended in a transaction. */
  | { readonly kind: 'recover'; readonly path: string }
  | { readonly kind: 'commit' };

/** What it answers: `written` when only the commit is left, then `done` or `error` once a command. */
export type WriterReply =
  | { readonly kind: 'written' }
  /** `null` where triggers ran on a server, which does not tell what they changed. */
  | { readonly kind: 'further-rows'; readonly rows: number | null }
  | { readonly kind: 'journal-problem'; readonly message: string }
  | { readonly kind: 'done'; readonly result: unknown }
  | { readonly kind: 'error'; readonly error: SerializedError };

/** Every change that can be made in the process. */
const operations: readonly WriteOperation<never, unknown>[] = [
  adoptOperation,
  claimPhaseOperation,
  deleteCanariesOperation,
  deleteRunOperation,
  drainBeganEvent,
  drainEndedEvent,
  failPhaseOperation,
  forgetApprovalsOperation,
  grantApprovalOperation,
  requeuePhaseOperation,
  initOperation,
  insertCanaryOperation,
  markStaleOperation,
  requeueOperation,
  restoredEvent,
  seedOperation,
  setLevelOperation,
  settlePhaseOperation,
  undoOperation,
  useApprovalOperation,
];

/** The operation of a name; both ends of the channel are of one version, so that an unknown one is a mistake of ours. */
export function operationNamed(name: string): WriteOperation<unknown, unknown> {
  const found = operations.find((operation) => operation.name === name);
  if (found === undefined) throw new Error(`There is no operation ${name}.`);
  // The parameters are those that whoever named the operation passed.
  return found as WriteOperation<unknown, unknown>;
}
