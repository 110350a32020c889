import assert from 'node:assert/strict';
import { hygieneSession } from '../../../../src/core/drain/hygieneSession.ts';
import { autopackSession } from '../../../../src/core/drain/autopackSession.ts';
import { hygieneFileName, sessionIdAt } from '../../../../src/core/drain/sessionNames.ts';
import { completes, DrainWorld, phasesNamed } from '../../../support/drainWorld.ts';

/** The keys Autopack's loader takes, in the order in which it writes them; any other breaks it. */
const sessionKeys =
  `session_id started_at completed_at batch_size total_processed total_success total_failed total_timeouts
  total_telemetry_events results fingerprint_counts stopped_fingerprints stopped_runs consecutive_zero_yield sampled_runs
  promising_runs deprioritized_runs`.split(/\s+/);
const resultKeys = `run_id phase_id phase_index initial_state final_state success error_message timestamp
  subprocess_returncode subprocess_duration_seconds subprocess_stdout_path subprocess_stderr_path
  subprocess_stdout_excerpt subprocess_stderr_excerpt failure_fingerprint telemetry_events_collected
  telemetry_yield_per_minute reached_llm_boundary zero_yield_reason`.split(/\s+/);

describe('the record of a session', () => {
  async function drained(): Promise<DrainWorld> {
    const phases = ['b', 'a', 'c'].flatMap((runId) => phasesNamed(1).map((phase) => ({ ...phase, runId })));
    const world = new DrainWorld(phases, (phase, its) => {
      if (phase.runId === 'c') return { outcome: 'timed-out', exitCode: null };
      its.change(
        phase,
        phase.runId === 'b' ? 'COMPLETE' : 'FAILED',
        phase.runId === 'b' ? null : 'PATCH_FAILED',
      );
      if (phase.runId === 'b') its.addEvent(phase);
      return { exitCode: phase.runId === 'b' ? 0 : 1, durationMs: 30_000, stdoutTail: 'x'.repeat(600) };
    });
    await world.drain({ maxAttemptsPerPhase: 1 });
    return world;
  }

  it('holds exactly the keys of Autopack, sets as sorted lists', async () => {
    const session = (await drained()).saved.at(-1)?.session;
    assert.ok(session);
    assert.deepEqual(Object.keys(session), sessionKeys);
    for (const result of session.results) assert.deepEqual(Object.keys(result), resultKeys);
    assert.deepEqual(session.sampled_runs, ['a', 'b', 'c']);
    assert.deepEqual(session.promising_runs, ['a', 'b', 'c']);
    assert.deepEqual(
      session.results.map((each) => each.subprocess_returncode),
      [0, 1, -1],
    );
    assert.equal(session.results[0]?.telemetry_yield_per_minute, 2);
    assert.equal(session.results[0].subprocess_stdout_excerpt?.length, 500);
    assert.equal(session.results[2]?.zero_yield_reason, 'timeout');
    assert.match(session.started_at, /^2026-01-02T03:04:05\.000000\+00:00$/);
    const fingerprints = Object.entries(session.fingerprint_counts);
    assert.deepEqual(
      fingerprints.map(([fingerprint, count]) => [
        fingerprint.split(':')[0]?.replace(/h\d+$/, 'version'),
        count,
      ]),
      [
        ['rc1|version', 1],
        ['timeout|version', 1],
      ],
    );
  });

  it('reads back as it was written, both files', async () => {
    const last = (await drained()).saved.at(-1);
    assert.ok(last);
    assert.deepEqual(autopackSession.parse(JSON.parse(JSON.stringify(last.session))), last.session);
    assert.deepEqual(hygieneSession.parse(JSON.parse(JSON.stringify(last.facts))), last.facts);
  });

  it('reads what an older reference wrote, without the later keys', () => {
    const old = {
      session_id: 's',
      started_at: '2025-12-28T16:22:03+00:00',
      batch_size: 5,
      total_processed: 1,
      total_success: 0,
      total_failed: 1,
      results: [
        {
          run_id: 'r',
          phase_id: 'p',
          phase_index: 2,
          initial_state: 'FAILED',
          final_state: 'TIMEOUT',
          success: false,
        },
      ],
      stopped_runs: null,
    };
    const session = autopackSession.parse(old);
    assert.equal(session.results[0]?.final_state, 'TIMEOUT');
    assert.deepEqual(
      [session.stopped_runs, session.promising_runs, session.fingerprint_counts],
      [[], [], {}],
    );
  });

  it('tells programs that know no match to leave a session that is bounded by one', async () => {
    const match = { text: 'P1', categories: [], complexities: [] };
    const world = new DrainWorld(phasesNamed(2), completes);
    await world.drain({ match });
    const facts = hygieneSession.parse(world.saved.at(-1)?.facts);
    assert.deepEqual([facts.version, facts.options.match], [3, match]);
    assert.deepEqual(world.executed, ['run/p1']);
    const written = (await drained()).saved.at(-1)?.facts;
    const before = hygieneSession.parse({ ...written, options: { batchSize: 3 } });
    assert.deepEqual([before.version, before.options.match], [2, undefined]);
  });

  it('keeps our file out of the sight of Autopack, which takes every batch-drain-*.json for a session', () => {
    const id = sessionIdAt(Date.UTC(2025, 11, 9, 1, 2, 3));
    assert.equal(id, 'batch-drain-20251209-010203');
    assert.doesNotMatch(hygieneFileName(id), /^batch-drain-.*\.json$/);
  });
});
