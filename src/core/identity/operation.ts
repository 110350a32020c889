import { autopackExpectation } from '../db/schema/autopackSchema.ts';
import { t } from '../text/l10n.ts';
import { identityTableName, type GivenRole } from './identityTable.ts';
import { journalTableName } from './journalTable.ts';

/** What can be done to a database by writing to it. */
export type Operation = 'seed' | 'drain' | 'mark-stale' | 'requeue' | 'delete-run' | 'canary' | 'undo';

/** An operation at the beginning of a sentence. */
export const operationNames = (): Readonly<Record<Operation, string>> => ({
  seed: t`Seeding`,
  drain: t`Draining`,
  'mark-stale': t`Marking stale phases`,
  requeue: t`Re-queueing phases`,
  'delete-run': t`Deleting a run`,
  canary: t`Asking with a canary run`,
  undo: t`Undoing a change`,
});

/** The roles an operation is meant for. A legacy backlog is drained sample-first, as every drain is. */
export const operationRoles: Readonly<Record<Operation, readonly GivenRole[]>> = {
  seed: ['seed'],
  drain: ['seed', 'legacy'],
  'mark-stale': ['seed', 'legacy'],
  requeue: ['seed', 'legacy'],
  'delete-run': ['seed', 'legacy'],
  canary: ['seed', 'legacy'],
  undo: ['seed', 'legacy'],
};

const autopackTables: readonly string[] = [...autopackExpectation.keys()];

/** The table of what humans approved beforehand, see `approvals`. */
export const approvalTableName = 'autopack_hygiene_approvals';

/** The tables of our own, which every change concerns. */
const ownTables: readonly string[] = [identityTableName, journalTableName, approvalTableName];

/** Every table that we may write. */
export const guardedTables: readonly string[] = [...autopackTables, ...ownTables];

/** The tables an operation writes; deleting a run finds more by their foreign keys, once it holds the lock. */
const operationTables: Readonly<Record<Operation, readonly string[]>> = {
  seed: ['runs', 'tiers', 'phases'],
  // What a built-in builder writes besides is checked as it writes it.
  drain: ['phases'],
  'mark-stale': ['phases'],
  requeue: ['phases'],
  'delete-run': autopackTables,
  canary: ['runs'],
  undo: autopackTables,
};

/** The tables that are written by an operation, with those of our own; without one, by giving an identity. */
export function writtenTables(operation?: Operation): ReadonlySet<string> {
  return new Set([...(operation === undefined ? [] : operationTables[operation]), ...ownTables]);
}
