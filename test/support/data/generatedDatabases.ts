import { DatabaseSync } from 'node:sqlite';
import { backlogRows, type TableRow } from '../../../examples/backlog/backlogRows.ts';
import { type BacklogRun, backlogRuns } from '../../../examples/backlog/backlogRuns.ts';
import { type BacklogEvent, backlogEvents } from '../../../examples/backlog/backlogTelemetry.ts';
import { olderSchemaStatements } from '../../../examples/backlog/olderSchema.ts';
import { referenceTableStatements } from './referenceTables.ts';

/** How often the example project's runs stand in a backlog, which makes it about as large as a real one: 60 runs. */
const generations = 5;

/** A backlog of an older schema, with a few telemetry events, some of runs that nobody recorded. */
export function makeBacklog(path: string): void {
  make(path, (database) => {
    for (const statement of olderSchemaStatements()) database.exec(statement);
    insert(database, rowsOfGenerations());
    addTablesOfOthers(database);
  });
}

/** The same backlog before telemetry was stored, and before several columns were there; a third of the states in lower case. */
export function makeOldestBacklog(path: string): void {
  make(path, (database) => {
    for (const statement of olderSchemaStatements()) database.exec(statement);
    insert(database, rowsOfGenerations());
    database.exec(`DROP TABLE token_estimation_v2_events;
      UPDATE phases SET state = lower(state) WHERE id % 3 = 0;
      UPDATE runs SET state = lower(state) WHERE rowid % 3 = 0;
      ALTER TABLE runs DROP COLUMN goal_anchor`);
    const later = ['retry_attempt', 'revision_epoch', 'escalation_level', 'last_attempt_timestamp'];
    for (const column of [...later, 'last_failure_reason']) {
      database.exec(`ALTER TABLE phases DROP COLUMN ${column}`);
    }
  });
}

/** A seed database as Autopack makes it, without an identity of ours: one run of ten queued phases. */
export function makeReferenceSeed(path: string): void {
  make(path, (database) => {
    for (const statement of referenceTableStatements()) database.exec(statement);
    insert(database, seedRows());
  });
}

function make(path: string, fill: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  try {
    database.exec('BEGIN');
    fill(database);
    database.exec('COMMIT');
  } finally {
    database.close();
  }
}

function insert(database: DatabaseSync, rows: readonly TableRow[]): void {
  for (const { table, values } of rows) {
    const columns = Object.keys(values);
    const marks = columns.map(() => '?').join(', ');
    database
      .prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})`)
      .run(...Object.values(values));
  }
}

/** No two runs are created at one time, and no two events have the same figures. */
function rowsOfGenerations(): TableRow[] {
  const runs: BacklogRun[] = [];
  const events: BacklogEvent[] = [];
  for (let generation = 0; generation < generations; generation += 1) {
    const again = (runId: string): string =>
      generation === 0 || runId === 'unknown' ? runId : `${runId}-again${generation}`;
    const later = (stored: string): string => daysLater(stored, 40 * generation);
    for (const run of backlogRuns) runs.push({ ...run, id: again(run.id), createdAt: later(run.createdAt) });
    for (const event of backlogEvents) {
      const { runId, predicted, at } = event;
      events.push({ ...event, runId: again(runId), predicted: predicted + 97 * generation, at: later(at) });
    }
  }
  return backlogRows(runs, events);
}

function daysLater(stored: string, days: number): string {
  const date = new Date(Date.parse(`${stored.slice(0, 10)}T00:00:00Z`) + days * 86_400_000);
  return date.toISOString().slice(0, 10) + stored.slice(10);
}

/** What else a real backlog holds: tables that the product does not read, with and without rows of a run. */
function addTablesOfOthers(database: DatabaseSync): void {
  database.exec(`
    CREATE TABLE decision_log (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id VARCHAR, phase_id VARCHAR, choice TEXT);
    CREATE INDEX ix_decision_log_run_id ON decision_log (run_id);
    INSERT INTO decision_log (run_id, phase_id, choice) SELECT run_id, phase_id, 'retry' FROM phases WHERE state = 'FAILED';
    CREATE TABLE doctor_usage_stats (id INTEGER PRIMARY KEY, run_id VARCHAR NOT NULL UNIQUE, doctor_calls_total INTEGER NOT NULL);
    CREATE TABLE users (id INTEGER PRIMARY KEY, email VARCHAR NOT NULL)`);
}

const seedRunId = 'telemetry-collection-v4';
const seedTime = '2026-11-23 09:24:33.418857';

/** Id, category, complexity, deliverables and context of the seeded phases; all files lie in one folder. */
const seedPhases = `
  p1-string-util  | implementation | low    | string_helper.py                  |
  p2-number-util  | implementation | low    | number_helper.py                  |
  p3-list-util    | implementation | medium | list_helper.py                    |
  p4-date-util    | implementation | medium | date_helper.py                    |
  p5-dict-util    | implementation | medium | dict_helper.py                    |
  p6-string-tests | tests          | medium | test_string_helper.py conftest.py | string_helper.py
  p7-number-tests | tests          | low    | test_number_helper.py             | number_helper.py conftest.py
  p8-list-tests   | tests          | medium | test_list_helper.py               | list_helper.py conftest.py
  p9-readme       | docs           | low    | README.md                         | string_helper.py number_helper.py list_helper.py
  p10-file-util   | implementation | medium | file_helper.py                    |`;

function seedRows(): TableRow[] {
  const times = { created_at: seedTime, updated_at: seedTime };
  const unused = { tokens_used: 0, minor_issues_count: 0, major_issues_count: 0 };
  const run = {
    ...{ id: seedRunId, state: 'RUN_CREATED', safety_profile: 'normal', run_scope: 'multi_tier' },
    ...{ token_cap: 500_000, max_phases: 15, max_duration_minutes: 120 },
    ...{ ci_runs_used: 0, promotion_eligible_to_main: 'false' },
    ...unused,
    ...times,
  };
  const tier = {
    ...{ id: 1, tier_id: 'T1', run_id: seedRunId, tier_index: 0, name: 'tier', description: 'tier' },
    ...{ state: 'PENDING', token_cap: 500_000, ci_run_cap: 20, max_major_issues_tolerated: 0 },
    ...{ ci_runs_used: 0, cleanliness: 'clean' },
    ...unused,
    ...times,
  };
  const phases = seedPhases
    .trim()
    .split('\n')
    .map((line, index) => {
      const [id, category = '', complexity = '', made = '', read = ''] = line
        .split('|')
        .map((cell) => cell.trim());
      return {
        ...{ id: index + 1, phase_id: `telemetry-${id}`, run_id: seedRunId, tier_id: 1, phase_index: index },
        ...{ name: 'phase', description: 'phase', state: 'QUEUED', task_category: category, complexity },
        scope: `{"paths": ["examples/telemetry_utils/"], "read_only_context": ${files(read)}, "deliverables": ${files(made)}}`,
        ...{ max_builder_attempts: 3, max_auditor_attempts: 2, incident_token_cap: 50_000 },
        ...{ builder_attempts: 0, auditor_attempts: 0, issue_state: 'no_issues', quality_blocked: 0 },
        ...{ retry_attempt: 0, revision_epoch: 0, escalation_level: 0 },
        ...unused,
        ...times,
      };
    });
  return [
    { table: 'runs', values: run },
    { table: 'tiers', values: tier },
    ...phases.map((values) => ({ table: 'phases', values })),
  ];
}

/** As Python's `json.dumps` writes a list. */
function files(names: string): string {
  const paths = names.split(' ').filter((name) => name !== '');
  return `[${paths.map((name) => `"examples/telemetry_utils/${name}"`).join(', ')}]`;
}
