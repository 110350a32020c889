import { TolerantSchema } from '../db/tolerantSchema.ts';
import type { WriteDatabase } from '../db/writeDatabase.ts';
import { UserFacingError } from '../errors.ts';
import type { SeedPlan } from './seedPlan.ts';
import { phaseRow, runRow, type SeedRow, tierRow } from './seedRows.ts';

/** What was written. */
export interface SeededRun {
  readonly runId: string;
  readonly tiers: number;
  readonly phases: number;
}

/**
 * Writes a plan's run, tier and phases; `now` in ms since the epoch. Columns an older schema lacks are left out.
 * Throws `not-autopack` without the tables, `run-exists`. Whether this is the place to seed is the guard's to say.
 */
export function seedRun(db: WriteDatabase, plan: SeedPlan, now: number): SeededRun {
  const schema = TolerantSchema.read(db);
  refuseOtherTables(schema);
  if (db.all('SELECT 1 FROM runs WHERE id = ?', [plan.runId]).length > 0) {
    throw new UserFacingError(
      'run-exists',
      `The run ${plan.runId} is in the database already.`,
      'Drain the run that is there, or seed under another run id.',
    );
  }
  const insert = (table: string, row: SeedRow): void => {
    const columns = Object.keys(row).filter((column) => schema.hasColumn(table, column));
    const marks = columns.map(() => '?').join(', ');
    const values = columns.map((column) => row[column] ?? null);
    db.run(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})`, values, 1);
  };
  insert('runs', runRow(plan, now));
  insert('tiers', tierRow(plan, now));
  const tierRowId = db.all('SELECT last_insert_rowid() AS id')[0]?.id ?? null;
  for (const [index, phase] of plan.phases.entries()) {
    insert('phases', phaseRow(plan, phase, index, tierRowId, now));
  }
  return { runId: plan.runId, tiers: 1, phases: plan.phases.length };
}

function refuseOtherTables(schema: TolerantSchema): void {
  const missing = ['runs', 'tiers', 'phases'].filter((table) => !schema.hasTable(table));
  if (missing.length === 0) return;
  throw new UserFacingError(
    'not-autopack',
    `This is not an Autopack database: it has no table ${missing.join(', ')}.`,
    'Create a telemetry seed database, and seed that.',
  );
}
