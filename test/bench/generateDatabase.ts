import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { autopackSchemaStatements } from '../../src/core/db/schema/autopackSchema.ts';

/** How large a generated database is. */
export interface DatabaseSize {
  readonly name: string;
  readonly runs: number;
  readonly phasesPerRun: number;
  readonly eventsPerPhase: number;
}

/** M: 10,000 phases, 200,000 events; L: 100,000 phases, 2,000,000 events. */
export const sizes = {
  M: { name: 'M', runs: 200, phasesPerRun: 50, eventsPerPhase: 20 },
  L: { name: 'L', runs: 2000, phasesPerRun: 50, eventsPerPhase: 20 },
} as const satisfies Record<string, DatabaseSize>;

const numbers = (count: number) =>
  `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${count})`;
/** A pseudo-random number below `below`, the same every time. */
const random = (seed: string, below: number) => `(abs((${seed}) * 2654435761 % 1000003) % ${below})`;
const pick = (seed: string, ...values: readonly string[]) =>
  `CASE ${random(seed, values.length)} ${values.map((value, i) => `WHEN ${i} THEN '${value}'`).join(' ')} END`;
const time = (seconds: string) =>
  `strftime('%Y-%m-%d %H:%M:%S', 1735689600 + ${seconds}, 'unixepoch') || '.123456'`;
const runId = (run: string) => `printf('build-%05d-%s', ${run}, lower(hex(char(65 + ${run} % 26))))`;
const phaseId = (phase: string) => `printf('phase-%03d', ${phase})`;

/** Makes a database of Autopack's schema, filled evenly, in rollback mode. The same size gives the same rows. */
export function generateDatabase(path: string, size: DatabaseSize): void {
  rmSync(path, { force: true });
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = off; PRAGMA synchronous = off; PRAGMA cache_size = -200000; BEGIN');
  const statements = autopackSchemaStatements();
  const isIndex = (sql: string) => /^\s*CREATE\s+(UNIQUE\s+)?INDEX/i.test(sql);
  for (const sql of statements) if (!isIndex(sql)) database.exec(sql);
  fillRuns(database, size);
  fillPhases(database, size);
  fillEvents(database, size);
  // Indexes over rows that are there are made several times as fast as they grow with them.
  for (const sql of statements) if (isIndex(sql)) database.exec(sql);
  database.exec('COMMIT; PRAGMA journal_mode = delete');
  database.close();
}

function fillRuns(database: DatabaseSync, { runs }: DatabaseSize): void {
  database.exec(`${numbers(runs)} INSERT INTO runs (id, state, created_at, updated_at, started_at, completed_at,
      safety_profile, run_scope, token_cap, max_phases, max_duration_minutes, tokens_used, ci_runs_used,
      minor_issues_count, major_issues_count, promotion_eligible_to_main, failure_reason, goal_anchor)
    SELECT ${runId('i')}, ${pick('i', 'DONE_SUCCESS', 'PHASE_EXECUTION', 'RUN_CREATED', 'DONE_FAILED_REQUIRES_HUMAN_REVIEW')},
      ${time('i * 3600')}, ${time('i * 3600 + 1800')}, ${time('i * 3600')}, NULL, 'normal', 'multi_tier', 500000, 15, 120,
      ${random('i', 400_000)}, 0, 0, 0, 'true', CASE WHEN i % 4 = 3 THEN 'A reviewer has to look at the failing phases' END,
      'Build ' || i || ': ' || ${pick('i * 7', 'tighten the tests of the parser', 'add a module for schedules', 'write the manual')}
      || ${pick('i * 11', ' and keep the public interface as it is, so that nothing downstream has to change', ' without new dependencies')}
    FROM n`);
  database.exec(`${numbers(runs)} INSERT INTO tiers (id, tier_id, run_id, tier_index, name, state, max_major_issues_tolerated,
      tokens_used, ci_runs_used, minor_issues_count, major_issues_count, cleanliness, created_at, updated_at)
    SELECT i + 1, 'T1', ${runId('i')}, 0, 'Tier 1', 'PENDING', 0, 0, 0, 0, 0, 'clean', ${time('i * 3600')}, ${time('i * 3600')}
    FROM n`);
}

function fillPhases(database: DatabaseSync, { runs, phasesPerRun }: DatabaseSize): void {
  const run = `(i / ${phasesPerRun})`;
  const phase = `(i % ${phasesPerRun})`;
  database.exec(`${numbers(runs * phasesPerRun)} INSERT INTO phases (id, phase_id, run_id, tier_id, phase_index, name,
      description, state, task_category, complexity, builder_mode, scope, max_builder_attempts, max_auditor_attempts,
      incident_token_cap, builder_attempts, auditor_attempts, tokens_used, minor_issues_count, major_issues_count,
      issue_state, quality_blocked, retry_attempt, revision_epoch, escalation_level, last_failure_reason,
      created_at, updated_at)
    SELECT i + 1, ${phaseId(phase)}, ${runId(run)}, ${run} + 1, ${phase}, 'Phase ' || ${phase} || ' of build ' || ${run},
      'Change ' || ${pick('i', 'the parser', 'the scheduler', 'the manual', 'the command line')} || ' so that '
        || ${pick('i * 3', 'a second reader can follow it', 'the tests of its neighbours pass again', 'nothing is read twice')},
      ${pick('i * 5', 'COMPLETE', 'COMPLETE', 'FAILED', 'QUEUED')},
      ${pick('i', 'implementation', 'tests', 'docs', 'refactoring')}, ${pick('i * 13', 'low', 'medium', 'high')}, 'tweak_light',
      json_object('paths', json_array('src/part' || ${phase} || '/'), 'read_only_context', json_array('docs/', 'src/shared/'),
        'deliverables', json_array('src/part' || ${phase} || '/main.py', 'tests/test_part' || ${phase} || '.py')),
      3, 2, 50000, 1, 0, ${random('i', 30_000)}, 0, 0, 'none', 0, 0, 0, 0,
      CASE WHEN i % 8 = 1 THEN 'Patch did not apply: context lines differ in src/part' || ${phase} || '/main.py' END,
      ${time(`${run} * 3600`)}, ${time(`${run} * 3600 + ${phase} * 60`)}
    FROM n`);
}

function fillEvents(database: DatabaseSync, { runs, phasesPerRun, eventsPerPhase }: DatabaseSize): void {
  const phase = `(i / ${eventsPerPhase})`;
  const paths = [1, 2, 3, 4, 5, 6]
    .map((n) => `'src/autopack/components/part' || (i * ${n} % 97) || '/module.py'`)
    .join(', ');
  database.exec(`${numbers(runs * phasesPerRun * eventsPerPhase)} INSERT INTO token_estimation_v2_events (run_id, phase_id,
      timestamp, category, complexity, deliverable_count, deliverables_json, predicted_output_tokens, actual_output_tokens,
      selected_budget, actual_max_tokens, success, truncated, stop_reason, model, smape_percent, waste_ratio, underestimated,
      is_truncated_output, created_at)
    SELECT ${runId(`(${phase} / ${phasesPerRun})`)}, ${phaseId(`(${phase} % ${phasesPerRun})`)}, ${time('i')},
      ${pick(phase, 'implementation', 'tests', 'docs', 'refactoring')}, ${pick(`${phase} * 13`, 'low', 'medium', 'high')},
      1 + ${random('i', 6)}, json_array(${paths}),
      800 + ${random('i * 3', 9000)}, 500 + ${random('i * 7', 9000)}, 12288, 16384, i % 10 < 8, i % 25 = 0,
      CASE WHEN i % 25 = 0 THEN 'max_tokens' ELSE 'end_turn' END, ${pick('i * 17', 'sonnet', 'opus')}, 40.0, 1.1, i % 3 = 0, i % 25 = 0, ${time('i')}
    FROM n`);
}
