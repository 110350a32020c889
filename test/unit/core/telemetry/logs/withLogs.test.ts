import assert from 'node:assert/strict';
import { analyseTelemetry } from '../../../../../src/core/telemetry/analysis/analyseTelemetry.ts';
import { withLogs } from '../../../../../src/core/telemetry/logs/reconcileLogs.ts';
import { listSuspects } from '../../../../../src/core/telemetry/samples/suspects.ts';
import { defaultTelemetryOptions as defaults } from '../../../../../src/core/telemetry/analysis/telemetryAnalysis.ts';
import { line, log } from './logFixtures.ts';
import { sample, samplesOf } from '../sampleFixtures.ts';

const time = line().timestamp ?? 0;
const reasons = (samples: Parameters<typeof listSuspects>[0]) =>
  listSuspects(samples, 10).map((one) => one.reasons.join());

describe('telemetry with logs', () => {
  it('counts a call once that database and log tell of, in whatever zone the log is', () => {
    const database = samplesOf(
      sample({ timestamp: time + 3 * 3_600_000 + 900, category: 'IMPLEMENT_FEATURE' }),
    );
    const { samples, facts } = withLogs(database, [log('a.log', line())]);
    assert.equal(samples.count, 1);
    assert.deepEqual([facts.inDatabase, facts.added, facts.conflicts], [1, 0, []]);
    assert.equal(analyseTelemetry(samples, defaults).quality.clean, 1);
  });

  it('adds what only the log tells of, each call for itself, with its address', () => {
    const { samples, facts } = withLogs(samplesOf(sample({ timestamp: time })), [
      log('a.log', line(), line(), line({ category: 'documentation', model: 'other', actual: 7 })),
    ]);
    assert.deepEqual([samples.count, facts.added, facts.inDatabase], [3, 2, 1]);
    const last = samples.phases[samples.phase[2] ?? 0];
    assert.deepEqual([last?.runId, last?.phaseId, last?.known], ['a.log', 'line 3', false]);
    const { quality, groups } = analyseTelemetry(samples, defaults);
    assert.equal(quality.clean, 3);
    assert.deepEqual(
      groups.map(({ category, samples: count }) => [category, count]),
      [
        ['docs', 1],
        ['implementation', 2],
      ],
    );
  });

  it('finds the call that the log has under another category, and the total stored as output', () => {
    const database = samplesOf(
      sample({ timestamp: time, category: 'tests' }),
      sample({ timestamp: time + 60_000, actual: 41_000 }),
      sample({ timestamp: time + 120_000 }),
    );
    const { samples, facts } = withLogs(database, [
      log('run.log', line(), line({ timestamp: time + 60_000 }), line({ timestamp: time + 120_000 })),
    ]);
    assert.deepEqual([samples.count, facts.inDatabase, facts.added], [3, 3, 0]);
    assert.deepEqual(
      facts.conflicts.map(({ line: number, runId, phaseId, conflicts }) => [
        number,
        runId,
        phaseId,
        ...conflicts,
      ]),
      [
        [1, 'run', 'phase', { field: 'category', log: 'implementation', database: 'tests' }],
        [2, 'run', 'phase', { field: 'actual', log: '800', database: '41000' }],
      ],
    );
    assert.deepEqual(reasons(samples), ['category-conflict', 'source-conflict']);
  });

  it('takes a call in another zone that has other figures for another call, unless the log shows that zone', () => {
    const hour = 3_600_000;
    const database = () =>
      samplesOf(sample({ timestamp: time }), sample({ timestamp: time + 60_000, actual: 777 }));
    const stranger = line({ timestamp: time + hour, actual: 900 });
    const alone = withLogs(database(), [log('a.log', stranger)]).facts;
    assert.deepEqual([alone.inDatabase, alone.added, alone.conflicts.length], [0, 1, 0]);
    // The second line proves that this log is an hour ahead.
    const proof = line({ timestamp: time + hour + 60_000, actual: 777 });
    const together = withLogs(database(), [log('a.log', stranger, proof)]).facts;
    assert.deepEqual([together.inDatabase, together.added, together.conflicts.length], [2, 0, 1]);
    const elsewhere = withLogs(database(), [log('a.log', stranger), log('b.log', proof)]).facts;
    assert.deepEqual([elsewhere.inDatabase, elsewhere.added], [1, 1]);
  });

  it('without a time, takes a line for a call only where all but the category agrees', () => {
    const database = () => samplesOf(sample({ timestamp: time }));
    const untimed = (but: Parameters<typeof line>[0]) =>
      withLogs(database(), [log('a', line({ timestamp: null, ...but }))]).facts;
    assert.equal(untimed({}).inDatabase, 1);
    assert.equal(untimed({ category: 'tests' }).conflicts.length, 1);
    assert.deepEqual([untimed({ actual: 801 }).inDatabase, untimed({ actual: 801 }).added], [0, 1]);
  });

  it('knows by the fallback line that the database holds a total', () => {
    const database = samplesOf(sample({ timestamp: time, actual: 41_000 }));
    const fallback = line({ format: 'fallback', actual: 41_000, stopReason: null, truncated: null });
    assert.deepEqual(reasons(withLogs(database, [log('a', fallback)]).samples), ['total-tokens']);
  });

  it('counts no line as failed, or as whole, that does not tell', () => {
    const v1 = line({ format: 'v1', success: null, truncated: null, stopReason: null, model: null });
    const all = (...lines: readonly ReturnType<typeof line>[]) =>
      analyseTelemetry(withLogs(null, [log('a', ...lines)]).samples, { ...defaults, successOnly: false });
    const unknown = all(v1, v1);
    assert.deepEqual([unknown.tier1.successRatePct, unknown.tier1.truncationRatePct], [null, null]);
    assert.equal(unknown.tier1.underestimationRatePct, 0);
    const gate = unknown.gates.find(({ id }) => id === 'truncation');
    assert.deepEqual([gate?.value, gate?.passed], [null, false]);
    assert.match(gate?.detail ?? '', /No real sample says/);
    const mixed = all(v1, line(), line({ success: false }), line({ truncated: true }));
    assert.equal(mixed.tier1.successRatePct, (100 * 2) / 3);
    assert.equal(mixed.tier1.truncationRatePct, 100 / 3);
  });

  it('takes lines as no evidence that do not tell success, or tell totals', () => {
    const v1 = line({ format: 'v1', success: null, stopReason: null, category: null, model: null });
    const fallback = line({ format: 'fallback', stopReason: null, truncated: null });
    const { samples } = withLogs(null, [log('a', v1, fallback, line({ success: false }), line())]);
    assert.deepEqual(reasons(samples), ['incomplete', 'no-stop-reason,total-tokens']);
    const { quality, analysed } = analyseTelemetry(samples, defaults);
    assert.deepEqual([quality.failed, quality.clean, quality.suspect, analysed], [1, 1, 2, 2]);
  });
});
