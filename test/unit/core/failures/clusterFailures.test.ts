import assert from 'node:assert/strict';
import fc from 'fast-check';
import { maskError } from '../../../../src/core/failures/fingerprint.ts';
import { clusterFailures, type FailedPhase } from '../../../../src/core/failures/clusterFailures.ts';

const reasons = fc.constantFrom(
  null,
  '',
  '  ',
  'PATCH_FAILED',
  'Timed out after 900 s',
  'Timed out after 60 s',
  `No module named 'a'`,
  `No module named 'b.c'`,
  'Phase phase-1 of run-1 failed',
  'Phase phase-2 of run-2 failed',
);
const failedPhase: fc.Arbitrary<FailedPhase> = fc.record({
  source: fc.constant('phase' as const),
  failureClass: fc.constant('other'),
  runId: fc.constantFrom('run-1', 'run-2', 'run-3'),
  phaseId: fc.constantFrom('phase-1', 'phase-2', 'phase-3'),
  reason: reasons,
  failedAt: fc.option(fc.integer({ min: 0, max: 5 })),
});

describe('clusterFailures', () => {
  it('is empty where nothing failed', () => {
    assert.deepEqual(clusterFailures([]), { failedPhases: 0, failedRuns: 0, clusters: [] });
  });

  it('groups across runs and shows the latest', () => {
    const { clusters } = clusterFailures([
      {
        runId: 'run-1',
        phaseId: 'a',
        reason: 'Timed out after 900 s',
        source: 'phase',
        failureClass: 'timeout',
        failedAt: 10,
      },
      {
        runId: 'run-2',
        phaseId: 'b',
        reason: 'Timed out after 60 s',
        source: 'phase',
        failureClass: 'timeout',
        failedAt: 30,
      },
      {
        runId: 'run-2',
        phaseId: 'c',
        reason: 'Timed out after 5 min',
        source: 'phase',
        failureClass: 'timeout',
        failedAt: null,
      },
      { runId: 'run-2', phaseId: 'd', reason: null, source: null, failureClass: 'none', failedAt: null },
    ]);
    assert.deepEqual(clusters, [
      {
        fingerprint: 'h3:timed out after <n>',
        maskedText: 'timed out after <n>',
        sample: 'Timed out after 60 s',
        source: 'phase',
        failureClass: 'timeout',
        count: 3,
        runs: 2,
        lastSeen: 30,
        phases: [
          { runId: 'run-2', phaseId: 'b' },
          { runId: 'run-1', phaseId: 'a' },
          { runId: 'run-2', phaseId: 'c' },
        ],
      },
      {
        fingerprint: 'h3:',
        maskedText: '',
        sample: null,
        source: null,
        failureClass: 'none',
        count: 1,
        runs: 1,
        lastSeen: null,
        phases: [{ runId: 'run-2', phaseId: 'd' }],
      },
    ]);
  });

  it('puts each phase into the one cluster of its own fingerprint, the largest cluster first', () => {
    fc.assert(
      fc.property(fc.array(failedPhase, { maxLength: 40 }), (phases) => {
        const { failedPhases, failedRuns, clusters } = clusterFailures(phases);
        assert.equal(failedPhases, phases.length);
        assert.equal(failedRuns, new Set(phases.map(({ runId }) => runId)).size);
        const masked = phases.map((each) => maskError(each.reason ?? '', [each.runId, each.phaseId]));
        assert.equal(clusters.length, new Set(masked).size);
        for (const { maskedText, fingerprint, count, runs, lastSeen, phases: own } of clusters) {
          const members = phases.filter((_, i) => masked[i] === maskedText);
          assert.equal(fingerprint, `h3:${maskedText}`);
          assert.equal(count, members.length);
          assert.equal(own.length, count);
          assert.equal(runs, new Set(members.map(({ runId }) => runId)).size);
          const times = members.map(({ failedAt }) => failedAt).filter((at) => at !== null);
          assert.equal(lastSeen, times.length === 0 ? null : Math.max(...times));
        }
        const counts = clusters.map(({ count }) => count);
        assert.deepEqual(
          counts,
          [...counts].sort((a, b) => b - a),
        );
      }),
    );
  });

  it('does not depend on the order of the phases', () => {
    fc.assert(
      fc.property(fc.array(failedPhase, { maxLength: 20 }), (phases) => {
        const shape = (of: readonly FailedPhase[]) =>
          clusterFailures(of).clusters.map(({ fingerprint, count, lastSeen }) => [
            fingerprint,
            count,
            lastSeen,
          ]);
        assert.deepEqual(shape([...phases].reverse()), shape(phases));
      }),
    );
  });

  it('cuts a sample that is a whole log', () => {
    const [cluster] = clusterFailures([
      {
        runId: 'r',
        phaseId: 'p',
        reason: 'x '.repeat(5000),
        source: 'phase',
        failureClass: 'other',
        failedAt: null,
      },
    ]).clusters;
    assert.equal(cluster?.sample?.length, 1000);
  });
});
