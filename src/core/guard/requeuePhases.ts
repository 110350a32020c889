import { TolerantSchema } from '../db/tolerantSchema.ts';
import type { WriteDatabase, WriteOperation } from '../db/writeDatabase.ts';
import { formatStoredTimestamp } from '../model/timestamp.ts';
import { revisedColumns, revisionOf } from '../queries/phaseRevision.ts';
import type { RequeuedPhase } from './requeue.ts';

/**
 * Sets phases QUEUED that a person agreed to, and tells how many. Those that somebody changed since are left alone.
 * As the reference does it when it queues a FAILED phase again: the failure reason stays, for whoever reads it and for
 * the order of the next drain, and so do attempts and tokens, which are history. Times of the last execution go, for a
 * QUEUED phase has neither begun nor ended. Runs and tiers stay as they are; the executor moves them on.
 * `now` is ms since the epoch.
 */
export function requeuePhases(db: WriteDatabase, agreed: readonly RequeuedPhase[], now: number): number {
  const schema = TolerantSchema.read(db);
  const columns = schema.select('phases', ['run_id', 'phase_id', ...revisedColumns]);
  const changes = { state: '', started_at: null, completed_at: null, updated_at: formatStoredTimestamp(now) };
  const present = Object.entries(changes).filter(([column]) => schema.hasColumn('phases', column));
  const update = `UPDATE phases SET ${present.map(([column]) => `${column} = ?`).join(', ')} WHERE rowid = ?`;
  let requeued = 0;
  for (const { rowId, runId, phaseId, revision } of agreed) {
    const [row] = db.all(`SELECT ${columns} FROM phases WHERE rowid = ?`, [rowId]);
    if (row === undefined || String(row.run_id) !== runId || String(row.phase_id) !== phaseId) continue;
    if (revisionOf(row) !== revision) continue;
    const values = present.map(([column, value]) => (column === 'state' ? queuedLike(row.state) : value));
    requeued += db.run(update, [...values, rowId], 1);
  }
  return requeued;
}

/** {@link requeuePhases} as the writer takes it. */
export const requeueOperation: WriteOperation<
  { readonly phases: readonly RequeuedPhase[]; readonly now: number },
  number
> = { name: 'requeue', run: (db, { phases, now }) => requeuePhases(db, phases, now) };

/** In the letter case the database uses. */
function queuedLike(stored: unknown): string {
  return typeof stored === 'string' && stored === stored.toLowerCase() ? 'queued' : 'QUEUED';
}
