import { olderSchemaStatements } from '../../examples/backlog/olderSchema.ts';
import { TolerantSchema } from '../../src/core/db/tolerantSchema.ts';
import { telemetryCollectionV4 } from '../../src/core/seed/telemetryCollectionV4.ts';
import { phaseRow, runRow, type SeedRow } from '../../src/core/seed/seedDatabase.ts';
import { DatabaseWriter } from '../../src/node/writer/databaseWriter.ts';

/** When everything in {@link olderDatabase} was made and last changed: ms since the epoch. */
export const olderTime = Date.UTC(2025, 11, 24, 10);

const runs = { begun: 'PHASE_EXECUTION', later: 'RUN_CREATED' } as const;
const phases = [
  { run_id: 'begun', phase_id: 'done', state: 'COMPLETE' },
  { run_id: 'begun', phase_id: 'stuck', state: 'EXECUTING' },
  { run_id: 'begun', phase_id: 'left', state: 'QUEUED' },
  { run_id: 'later', phase_id: 'waits', state: 'QUEUED' },
];

/** Makes a small backlog as others write it, of an older schema and without an identity: a begun run and one nobody began. */
export async function olderDatabase(path: string): Promise<void> {
  await new DatabaseWriter().create(path, (db) => {
    for (const statement of olderSchemaStatements()) db.run(statement);
    const schema = TolerantSchema.read(db);
    const insert = (table: string, row: SeedRow): void => {
      const present = Object.entries(row).filter(([column]) => schema.hasColumn(table, column));
      db.run(
        `INSERT INTO ${table} (${present.map(([column]) => column).join()}) VALUES (${present.map(() => '?').join()})`,
        present.map(([, value]) => value),
      );
    };
    const [plan, [example]] = [telemetryCollectionV4, telemetryCollectionV4.phases];
    if (example === undefined) throw new Error('The plan has no phases.');
    for (const [id, state] of Object.entries(runs)) {
      insert('runs', { ...runRow(plan, olderTime), id, state });
    }
    for (const [index, phase] of phases.entries()) {
      insert('phases', { ...phaseRow(plan, example, index, 1, olderTime), ...phase });
    }
  });
}
