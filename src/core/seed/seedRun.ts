import { TolerantSchema } from '../db/tolerantSchema.ts';
import type { WriteDatabase } from '../db/writeDatabase.ts';
import { UserFacingError } from '../errors.ts';
import { readRole } from '../identity/role.ts';
import type { SeedPlan } from './seedPlan.ts';
import { phaseRow, runRow, type SeedRow, tierRow } from './seedRows.ts';

/** What was written. */
export interface SeededRun {
  readonly runId: string;
  readonly tiers: number;
  readonly phases: number;
}

/** What a person has said about where to seed. */
export interface SeedRunOptions {
  /** Seed into a database of any role, on the person's word. */
  readonly anyRole?: boolean;
}

/**
 * Writes a plan's run, tier and phases; `now` in ms since the epoch. Columns an older schema lacks are left out.
 * Throws `not-autopack` without the tables, `wrong-role` unless it is a seed database, `run-exists`.
 */
export function seedRun(
  db: WriteDatabase,
  plan: SeedPlan,
  now: number,
  { anyRole = false }: SeedRunOptions = {},
): SeededRun {
  const schema = TolerantSchema.read(db);
  refuseOtherTables(schema);
  if (!anyRole) refuseOtherRoles(db, schema);
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
    db.run(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})`, values);
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

function refuseOtherRoles(db: WriteDatabase, schema: TolerantSchema): void {
  const role = readRole(db, schema);
  if (role === 'seed') return;
  throw new UserFacingError(
    'wrong-role',
    role === 'legacy'
      ? 'This is a legacy backlog, not a telemetry seed database.'
      : 'Nothing in this database says that it is a telemetry seed database.',
    'Create a telemetry seed database and seed that, or say that a database of any role will do.',
  );
}
