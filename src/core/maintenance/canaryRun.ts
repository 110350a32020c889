import type { ReadDatabase, WriteDatabase, WriteOperation } from '../db/databasePorts.ts';
import { filledTables } from '../db/filledTables.ts';
import { ForeignKeyCheck, hasFewForeignKeys, foreignKeys, type ReferringTable } from '../db/foreignKeys.ts';
import { TolerantSchema } from '../db/tolerantSchema.ts';
import { canaryPrefix } from '../identity/databaseFingerprint.ts';
import { formatStoredTimestamp } from '../model/timestamp.ts';
import { runRow } from '../seed/seedDatabase.ts';
import { telemetryCollectionV4 } from '../seed/telemetryCollectionV4.ts';

/**
 * Adds a run without tiers and phases, in a final state so that no program takes it up: a server that knows it has this
 * very database. `now` is ms since the epoch.
 */
function insertCanary(db: WriteDatabase, runId: string, now: number): void {
  const schema = TolerantSchema.read(db);
  const time = formatStoredTimestamp(now);
  const row = {
    ...runRow({ ...telemetryCollectionV4, runId }, now),
    state: 'DONE_SUCCESS',
    started_at: time,
    completed_at: time,
  };
  const present = Object.entries(row).filter(([column]) => schema.hasColumn('runs', column));
  const columns = present.map(([column]) => column).join(', ');
  const marks = present.map(() => '?').join(', ');
  db.run(
    `INSERT INTO runs (${columns}) VALUES (${marks})`,
    present.map(([, value]) => value),
    1,
  );
}

/** {@link insertCanary} as the writer takes it. */
export const insertCanaryOperation: WriteOperation<{ readonly runId: string; readonly now: number }, void> = {
  name: 'insert-canary',
  run: (db, { runId, now }) => insertCanary(db, runId, now),
  needs: ({ runId }) => ({ runs: [runId], tables: 'runs' }),
  subject: ({ runId }) => ({ run: runId }),
};

/** Takes canary runs away: the one of that id, or without one every leftover. Returns how many. Other runs are never touched. */
function deleteCanaries(db: WriteDatabase, runId?: string): number {
  const check = ForeignKeyCheck.begin(db, () => tablesReferringTo(db, 'runs'));
  const deleted = db.run(
    `DELETE FROM runs WHERE substr(id, 1, ?) = ? AND id = coalesce(?, id)
     AND NOT EXISTS (SELECT 1 FROM phases WHERE phases.run_id = runs.id)`,
    [canaryPrefix.length, canaryPrefix, runId ?? null],
  );
  check?.refuseViolation();
  return deleted;
}

function tablesReferringTo(db: Pick<ReadDatabase, 'all'>, parent: string): ReferringTable[] {
  const keys = foreignKeys(db, filledTables(db, ['REFERENCES']));
  const tables = new Set(keys.filter((key) => key.parent === parent).map(({ child }) => child));
  return [...tables].map((table) => ({ table }));
}

/** {@link deleteCanaries} as the writer takes it; without an id, every leftover. */
export const deleteCanariesOperation: WriteOperation<{ readonly runId?: string }, number> = {
  name: 'delete-canaries',
  run: (db, { runId }) => deleteCanaries(db, runId),
  needs: ({ runId }) => ({ runs: runId === undefined ? { prefix: canaryPrefix } : [runId], tables: 'all' }),
  subject: ({ runId }) => (runId === undefined ? {} : { run: runId }),
  sqliteEnforcesKeys: hasFewForeignKeys,
};

/** The ids of canary runs that were left behind, by a crash for one. */
export function findCanaries(db: Pick<ReadDatabase, 'all'>, schema: TolerantSchema): string[] {
  if (!schema.hasColumn('runs', 'id')) return [];
  const rows = db.all('SELECT id FROM runs WHERE substr(id, 1, ?) = ?', [canaryPrefix.length, canaryPrefix]);
  return rows.map(({ id }) => String(id));
}
