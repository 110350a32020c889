import type { DatabaseWriterPort, WriteOperation, WriteDatabase, SqlValue } from '../db/databasePorts.ts';
import { autopackSchemaStatements, autopackTables } from '../db/schema/autopackSchema.ts';
import { isPostgresPath } from '../db/postgresUrl.ts';
import { insertRow } from '../db/tolerantRows.ts';
import { TolerantSchema } from '../db/tolerantSchema.ts';
import { UserFacingError } from '../errors.ts';
import type { WriteExpectation } from '../identity/databaseFingerprint.ts';
import { guardedWrite, identityInside } from '../identity/guardedWrite.ts';
import { createIdentity, type DatabaseIdentity } from '../identity/identityTable.ts';
import { wrongRole } from '../identity/requireWritable.ts';
import { formatStoredTimestamp } from '../model/timestamp.ts';
import { t } from '../text/l10n.ts';
import type { SeedPlan, PlannedPhase } from './seedPlan.ts';
import { telemetryCollectionV4 } from './telemetryCollectionV4.ts';

/** How to seed: at which time (ms since the epoch), and what differs from the default. */
export interface SeedOptions {
  readonly now: number;
  /** What to seed: `telemetry-collection-v4` unless said otherwise. */
  readonly plan?: SeedPlan;
  /** The plan's own unless said otherwise. */
  readonly runId?: string;
  /** The database that was checked before; without it, whichever adopted one is there. */
  readonly expected?: WriteExpectation;
  /** Seed into an adopted database of any role, on the person's word. */
  readonly anyRole?: boolean;
}

/** What was seeded, and what to do next. */
export interface SeedResult extends SeededRun {
  readonly path: string;
  readonly nextStep: string;
}

/**
 * Seeds a run into an adopted seed database, in one guarded transaction. Throws `invalid-argument` for a malformed run id,
 * `not-adopted`, `wrong-role`,
 * and what {@link seedRun}, {@link guardedWrite} and the writer throw.
 */
export async function seedDatabase(
  writer: DatabaseWriterPort,
  path: string,
  options: SeedOptions,
  signal?: AbortSignal,
): Promise<SeedResult> {
  const { plan = telemetryCollectionV4, expected, anyRole = false, now } = options;
  const { runId = plan.runId } = options;
  refuseOddRunId(runId);
  const seeding = { plan: { ...plan, runId }, now, anyRole };
  const seeded =
    expected === undefined
      ? await writer.perform(path, seedOperation, seeding, signal)
      : await guardedWrite(writer, { path, expected }, seedOperation, seeding, signal);
  return {
    ...seeded,
    path,
    nextStep: t`Check the database identity (${seeded.phases} phases QUEUED), then drain the run ${runId}.`,
  };
}

/** Seeding as the writer takes it. */
export const seedOperation: WriteOperation<
  { readonly plan: SeedPlan; readonly now: number; readonly anyRole: boolean },
  SeededRun
> = {
  name: 'seed',
  run: (db, { plan, now, anyRole }, path) => {
    const { role } = identityInside(db, path);
    if (role !== 'seed' && !anyRole) throw wrongRole(role, path);
    return seedRun(db, plan, now);
  },
  needs: ({ plan }) => ({ runs: [plan.runId], tables: 'work' }),
  subject: ({ plan }) => ({ run: plan.runId, phases: plan.phases.length }),
};

/** Characters: enough for any name, and few enough for the names of log files. */
const longestRunId = 200;

/** It is printed in lists, and names files. */
function refuseOddRunId(runId: string): void {
  const refused = (problem: string, nextStep: string): UserFacingError =>
    new UserFacingError('invalid-argument', problem, nextStep);
  if (runId.trim() === '') throw refused(t`The run id is empty.`, t`Give the run a name.`);
  if (/\p{Cc}/u.test(runId)) {
    throw refused(t`The run id holds a line break or another control character.`, t`Leave it out.`);
  }
  if (runId.length > longestRunId) {
    throw refused(t`The run id is ${runId.length} characters long.`, t`Give at most ${longestRunId}.`);
  }
}

/** What was written. */
interface SeededRun {
  readonly runId: string;
  readonly tiers: number;
  readonly phases: number;
}

/**
 * Writes a plan's run, tier and phases; `now` in ms since the epoch. Columns an older schema lacks are left out.
 * Throws `not-autopack` without the tables, `run-exists`. Whether this is the place to seed is the guard's to say.
 */
function seedRun(db: WriteDatabase, plan: SeedPlan, now: number): SeededRun {
  const schema = TolerantSchema.read(db);
  refuseOtherTables(schema);
  if (db.all('SELECT 1 FROM runs WHERE id = ?', [plan.runId]).length > 0) {
    throw new UserFacingError(
      'run-exists',
      t`The run ${plan.runId} is in the database already.`,
      t`Drain the run that is there, or seed under another run id.`,
    );
  }
  insertRow(db, schema, 'runs', runRow(plan, now));
  insertRow(db, schema, 'tiers', tierRow(plan, now));
  const tierRowId = db.all('SELECT last_insert_rowid() AS id')[0]?.id ?? null;
  for (const [index, phase] of plan.phases.entries()) {
    insertRow(db, schema, 'phases', phaseRow(plan, phase, index, tierRowId, now));
  }
  return { runId: plan.runId, tiers: 1, phases: plan.phases.length };
}

function refuseOtherTables(schema: TolerantSchema): void {
  const missing = ['runs', 'tiers', 'phases'].filter((table) => !schema.hasTable(table));
  if (missing.length === 0) return;
  throw new UserFacingError(
    'not-autopack',
    t`This is not an Autopack database: it has no table ${missing.join(', ')}.`,
    t`Create a telemetry seed database, and seed that.`,
  );
}

/** The columns of a row to insert. */
export type SeedRow = Readonly<Record<string, SqlValue>>;

const unused = { tokens_used: 0, minor_issues_count: 0, major_issues_count: 0 };

/** The run's row as Autopack writes it; `now` in ms since the epoch. */
export function runRow(plan: SeedPlan, now: number): SeedRow {
  return {
    ...times(now),
    ...unused,
    id: plan.runId,
    state: 'RUN_CREATED',
    safety_profile: 'normal',
    run_scope: 'multi_tier',
    token_cap: plan.tokenCap,
    max_phases: plan.maxPhases,
    max_duration_minutes: plan.maxDurationMinutes,
    ci_runs_used: 0,
    promotion_eligible_to_main: 'false',
  };
}

/** The row of the run's one tier. */
function tierRow(plan: SeedPlan, now: number): SeedRow {
  return {
    ...times(now),
    ...unused,
    tier_id: plan.tier.tierId,
    run_id: plan.runId,
    tier_index: 0,
    name: plan.tier.name,
    description: plan.tier.description,
    state: 'PENDING',
    token_cap: plan.tokenCap,
    ci_run_cap: plan.tier.ciRunCap,
    max_major_issues_tolerated: 0,
    ci_runs_used: 0,
    cleanliness: 'clean',
  };
}

/** The row of one phase; `tierRowId` is the row id of its tier. */
export function phaseRow(
  plan: SeedPlan,
  phase: PlannedPhase,
  index: number,
  tierRowId: SqlValue,
  now: number,
): SeedRow {
  return {
    ...times(now),
    ...unused,
    phase_id: phase.phaseId,
    run_id: plan.runId,
    tier_id: tierRowId,
    phase_index: index,
    name: phase.name,
    description: phase.description,
    state: 'QUEUED',
    task_category: phase.category,
    complexity: phase.complexity,
    scope: scopeJson(plan.paths, phase),
    max_builder_attempts: plan.maxBuilderAttempts,
    max_auditor_attempts: plan.maxAuditorAttempts,
    incident_token_cap: plan.incidentTokenCap,
    builder_attempts: 0,
    auditor_attempts: 0,
    issue_state: 'no_issues',
    quality_blocked: 0,
    retry_attempt: 0,
    revision_epoch: 0,
    escalation_level: 0,
  };
}

function times(now: number): SeedRow {
  const time = formatStoredTimestamp(now);
  return { created_at: time, updated_at: time };
}

/** Spaced as Python's `json` does, so that the text equals what Autopack stores. */
function scopeJson(paths: readonly string[], phase: PlannedPhase): string {
  const list = (items: readonly string[]) => `[${items.map((item) => JSON.stringify(item)).join(', ')}]`;
  const { readOnlyContext, deliverables } = phase;
  return `{"paths": ${list(paths)}, "read_only_context": ${list(readOnlyContext)}, "deliverables": ${list(deliverables)}}`;
}

/** What is to be made: an id (a random UUID), a role, and the time in ms since the epoch. */
export type NewDatabase = DatabaseIdentity & { readonly createdAt: number };

/** What was made, and what to do with it. */
export interface InitResult {
  readonly path: string;
  readonly id: string;
  readonly role: NewDatabase['role'];
  readonly tables: readonly string[];
  readonly nextStep: string;
}

/**
 * Makes an empty database of Autopack's schema, with an identity, in one transaction; on a server, its tables in a database
 * that is there and has none of them. Throws `exists` if there is any file at the path, or any of the tables, `not-found`
 * without its folder, and what {@link DatabaseWriterPort} throws.
 */
export async function initDatabase(
  writer: DatabaseWriterPort,
  path: string,
  identity: NewDatabase,
  signal?: AbortSignal,
): Promise<InitResult> {
  if (isPostgresPath(path)) await writer.perform(path, initOperation, identity, signal);
  else await createFile(writer, path, identity, signal);
  return {
    path,
    id: identity.id,
    role: identity.role,
    tables: autopackTables.map((table) => table.name),
    nextStep:
      identity.role === 'seed'
        ? t`Seed a telemetry run into it.`
        : t`Let Autopack write its backlog into it.`,
  };
}

/** Gives a database on a server, in which Autopack's tables were just made, its identity. */
export const initOperation: WriteOperation<NewDatabase, void> = {
  name: 'init',
  makesTables: true,
  subject: ({ role }) => ({ role }),
  run: (db, identity) => createIdentity(db, identity),
};

async function createFile(
  writer: DatabaseWriterPort,
  path: string,
  identity: NewDatabase,
  signal: AbortSignal | undefined,
): Promise<void> {
  const create: Parameters<DatabaseWriterPort['create']>[1] = (db) => {
    for (const statement of autopackSchemaStatements()) db.run(statement);
    createIdentity(db, identity);
  };
  await writer.create(path, create, signal);
}
