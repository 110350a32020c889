import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { TolerantSchema } from '../../../../src/core/db/tolerantSchema.ts';
import type { PhaseObservation, TelemetryMarks } from '../../../../src/core/model/phaseObservation.ts';
import { phaseOutcome } from '../../../../src/core/drain/phaseOutcome.ts';
import { nativeReadDatabase } from '../../../support/nativeReadDatabase.ts';

describe('phaseOutcome', () => {
  const key = { runId: 'r', phaseId: 'p1' };

  function look(database: DatabaseSync, since: TelemetryMarks | null = null): PhaseObservation {
    const db = nativeReadDatabase(database);
    return phaseOutcome({ db, schema: TolerantSchema.read(db) }, key, since);
  }

  function database(usageColumns: string): DatabaseSync {
    const made = new DatabaseSync(':memory:');
    made.exec(`CREATE TABLE phases (run_id TEXT, phase_id TEXT, phase_index INTEGER, state TEXT, updated_at TEXT, last_failure_reason TEXT);
      INSERT INTO phases VALUES ('r', 'p1', 0, 'failed', 'then', 'PATCH_FAILED'), ('r', 'p2', 1, 'QUEUED', 'then', NULL), ('s', 'p1', 0, 'QUEUED', 'then', NULL);
      CREATE TABLE token_estimation_v2_events (event_id INTEGER PRIMARY KEY, run_id TEXT, phase_id TEXT, actual_output_tokens INTEGER);
      CREATE TABLE token_budget_escalation_events (event_id INTEGER PRIMARY KEY, run_id TEXT, phase_id TEXT);
      CREATE TABLE llm_usage_events (id INTEGER PRIMARY KEY, run_id TEXT, phase_id TEXT ${usageColumns});
      INSERT INTO token_estimation_v2_events VALUES (7, 'r', 'p1', 1000)`);
    return made;
  }

  it('sees the phase and its run, and what changes them', () => {
    const made = database('');
    const before = look(made);
    assert.equal(before.phase?.state, 'FAILED');
    assert.equal(before.phase.failureReason, 'PATCH_FAILED');
    assert.deepEqual(
      before.siblings.map(({ phaseId, phaseIndex }) => [phaseId, phaseIndex]),
      [['p2', 1]],
    );
    assert.deepEqual(before.marks, { estimation: 7, escalation: 0, usage: 0 });
    assert.deepEqual(before.yields, []);
    assert.deepEqual(look(made), before);
    made.exec("UPDATE phases SET updated_at = 'now' WHERE run_id = 'r' AND phase_id = 'p1'");
    assert.notEqual(look(made).phase?.revision, before.phase.revision);
    assert.equal(look(made).siblings[0]?.revision, before.siblings[0]?.revision);
  });

  it('counts new rows alone, under the keys they were written with', () => {
    const made = database(', total_tokens INTEGER, prompt_tokens INTEGER, completion_tokens INTEGER');
    const { marks } = look(made);
    made.exec(`INSERT INTO token_estimation_v2_events VALUES (8, 'r', 'p1', 30), (9, 'r', 'p1', 12), (10, 's', 'p1', 5), (11, 'unknown', 'p1', NULL);
      INSERT INTO token_budget_escalation_events VALUES (1, 'r', 'p1');
      INSERT INTO llm_usage_events VALUES (1, 'r', 'p1', 100, NULL, NULL), (2, 'r', 'p1', NULL, 3, 4), (3, NULL, NULL, 9, 9, 9)`);
    assert.deepEqual(look(made, marks).yields, [
      {
        ...key,
        yield: { estimationEvents: 2, escalationEvents: 1, outputTokens: 42, llmCalls: 2, llmTokens: 107 },
      },
      {
        runId: 's',
        phaseId: 'p1',
        yield: { estimationEvents: 1, escalationEvents: 0, outputTokens: 5, llmCalls: 0, llmTokens: 0 },
      },
      {
        runId: 'unknown',
        phaseId: 'p1',
        yield: { estimationEvents: 1, escalationEvents: 0, outputTokens: 0, llmCalls: 0, llmTokens: 0 },
      },
      {
        runId: '',
        phaseId: '',
        yield: { estimationEvents: 0, escalationEvents: 0, outputTokens: 0, llmCalls: 1, llmTokens: 9 },
      },
    ]);
  });

  it('adds up tokens where an older file has no total, and does without any table', () => {
    const older = database(', prompt_tokens INTEGER, completion_tokens INTEGER');
    older.exec("INSERT INTO llm_usage_events VALUES (1, 'r', 'p1', 3, 4)");
    const since = { estimation: 7, escalation: 0, usage: 0 };
    assert.equal(look(older, since).yields[0]?.yield.llmTokens, 7);
    const bare = look(new DatabaseSync(':memory:'), since);
    assert.deepEqual([bare.phase, bare.siblings, bare.yields, bare.hasTelemetryTable], [null, [], [], false]);
  });
});
