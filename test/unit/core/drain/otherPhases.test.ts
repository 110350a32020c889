import assert from 'node:assert/strict';
import type { DrainResult } from '../../../../src/core/drain/drainResult.ts';
import { completes, DrainWorld, phasesNamed } from '../../../support/drainWorld.ts';

function only(results: readonly DrainResult[]): DrainResult {
  assert.equal(results.length, 1);
  const [result] = results;
  assert.ok(result);
  return result;
}

describe('an execution that ran something else than it was asked for', () => {
  it('records another phase that ran instead under that phase, and does not ask for ever', async () => {
    const world = new DrainWorld(phasesNamed(2), (phase, its, signal) =>
      phase.phaseId === 'p1' ? completes(its.find('p2'), its, signal) : {},
    );
    const summary = await world.drain({ batchSize: 20 });
    const first = summary.results[0];
    assert.equal(first?.phaseId, 'p2');
    assert.equal(first.askedFor, 'p1');
    assert.equal(first.success, true);
    assert.deepEqual(first.notes, ['The executor ran p2 instead of p1.']);
    assert.equal(world.executed.filter((each) => each === 'run/p1').length, 2);
  });

  it('mends a phase the executor ran instead and names, and leaves one that another program may be at', async () => {
    const runsAnother = (stdoutTail: string): DrainWorld =>
      new DrainWorld(phasesNamed(2), (_, its) => {
        its.change(its.find('p2'), 'EXECUTING');
        return { outcome: 'timed-out', exitCode: null, stdoutTail };
      });
    const named = runsAnother('Next phase: p2');
    assert.equal(only((await named.drain({ batchSize: 1 })).results).finalState, 'FAILED');
    const silent = runsAnother('');
    const result = only((await silent.drain({ batchSize: 1 })).results);
    assert.equal(silent.find('p2').state, 'EXECUTING');
    assert.match(result.notes.join(), /p2 is EXECUTING; it is left/);
  });

  it('books each phase that ran in one execution as a result of its own, once, with its own reason', async () => {
    const world = new DrainWorld(phasesNamed(3), async (phase, its, signal) => {
      if (phase.phaseId !== 'p1') return completes(phase, its, signal);
      its.change(its.find('p2'), 'FAILED', 'FAILED');
      its.addEvent(its.find('p2'), 30);
      const stderrTail = 'ERROR: [p1] odd warning\nERROR: [p2] Builder failed: no such file: a.py';
      return { ...(await completes(phase, its, signal)), stderrTail };
    });
    const summary = await world.drain({ batchSize: 3 });
    assert.deepEqual(world.executed, ['run/p1', 'run/p3']);
    assert.deepEqual(
      summary.results.map(
        ({ phaseId, success, attempt, alongside, error, otherTokens, yield: { outputTokens } }) => [
          phaseId,
          success,
          attempt,
          alongside,
          error,
          otherTokens,
          outputTokens,
        ],
      ),
      [
        ['p2', false, 1, 'p1', 'ERROR: [p2] Builder failed: no such file: a.py', 0, 30],
        ['p1', true, 1, null, null, 0, 100],
        ['p3', true, 1, null, null, 0, 100],
      ],
    );
    assert.deepEqual([summary.processed, summary.succeeded, summary.failed, summary.events], [3, 2, 1, 3]);
    assert.deepEqual(summary.results[0]?.notes.slice(0, 1), ['The executor ran it along with p1.']);
    assert.doesNotMatch(summary.results[1]?.notes.join() ?? '', /p2/);
    const finished = world.progress.flatMap((each) =>
      each.kind === 'phase-finished' ? [each.result.phaseId] : [],
    );
    assert.deepEqual(finished, ['p2', 'p1', 'p3']);
  });

  it('tells a crash that left no trace from a phase that failed and from another database, and stops at two runs', async () => {
    const crash = { exitCode: 139, stderrTail: 'Fatal Python error: Segmentation fault' };
    const runs = ['a', 'b', 'c'].map((runId) => ({ runId, phaseId: `${runId}1` }));
    const world = new DrainWorld(runs, () => crash);
    const summary = await world.drain();
    assert.equal(summary.stop.kind, 'environment');
    assert.deepEqual(world.executed, ['a/a1', 'b/b1']);
    assert.match(summary.nextStep, /crashed before it began the phase/);
    for (const { zeroYield, finalState } of summary.results) {
      assert.deepEqual([zeroYield?.cause, finalState], ['crashed-before-phase', 'QUEUED']);
      assert.match(zeroYield?.evidence ?? '', /Exit code 139 .* nothing changed in the database/);
    }
    const touched = new DrainWorld(runs, (phase, its) => {
      its.change(phase, 'FAILED', 'odd');
      return crash;
    });
    assert.notEqual((await touched.drain()).results[0]?.zeroYield?.cause, 'crashed-before-phase');
    const elsewhere = new DrainWorld(runs, () => ({ ...crash, stdoutTail: 'Final state: COMPLETE' }));
    assert.equal((await elsewhere.drain()).stop.kind, 'no-trace');
  });
});
