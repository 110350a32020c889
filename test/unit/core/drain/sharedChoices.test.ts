import assert from 'node:assert/strict';
import { CandidateQueue } from '../../../../src/core/drain/candidateQueue.ts';
import { DrainLedger } from '../../../../src/core/drain/drainLedger.ts';
import { resolveDrainOptions } from '../../../../src/core/drain/drainOptions.ts';
import type { DrainResult } from '../../../../src/core/drain/drainResult.ts';
import type { Candidate } from '../../../../src/core/queries/candidates.ts';
import { exampleResult } from '../../editor/support/examples.ts';

const options = resolveDrainOptions({ batchSize: 1000, maxAttemptsPerPhase: 3 });

function candidate(name: string, index: number): Candidate {
  const [runId = '', phaseIndex = ''] = name.split('');
  const phase = { runId, phaseId: name, phaseIndex: Number(phaseIndex), tierIndex: 0, rowId: index + 1 };
  return { ...phase, state: 'QUEUED', failureClass: 'other', tokenCap: null };
}

function resultOf(phaseId: string, change: Partial<DrainResult> = {}): DrainResult {
  const runId = phaseId.charAt(0);
  const success = {
    success: true,
    finalState: 'COMPLETE',
    error: null,
    fingerprint: null,
    outcome: 'exited',
  } as const;
  return { ...exampleResult(), runId, phaseId, askedFor: null, alongside: null, ...success, ...change };
}

const key = (phaseId: string): { runId: string; phaseId: string } => ({ runId: phaseId.charAt(0), phaseId });

describe('what several workers of a drain take next', () => {
  const names = ['a1', 'a2', 'a3', 'b1', 'b2', 'c1'];
  let ledger: DrainLedger;
  let queue: CandidateQueue;
  const choices = (held: readonly string[] = [], count = 10): string[] =>
    queue.choices(count, held.map(key)).map((choice) => choice.candidate.phaseId);
  const bring = (result: DrainResult): boolean => {
    ledger.record(result);
    return queue.take(result);
  };
  beforeEach(() => {
    ledger = new DrainLedger(options);
    queue = new CandidateQueue(names.map(candidate), options, ledger);
  });

  it('is first one phase of each run that no other samples', () => {
    assert.deepEqual(choices(), ['a1', 'b1', 'c1']);
    assert.deepEqual(choices(['a1']), ['b1', 'c1']);
    assert.deepEqual(choices(['a1', 'b1', 'c1']), []);
    assert.deepEqual(choices([], 2), ['a1', 'b1']);
  });

  it('is then any phase of promising runs that no other has, the best of all runs first', () => {
    assert.equal(bring(resultOf('b1')), true);
    assert.deepEqual(choices(['a1', 'c1']), ['b2']);
    bring(resultOf('a1'));
    assert.deepEqual(choices(['c1']), ['a2', 'b2', 'a3']);
    assert.deepEqual(choices(['c1', 'a2']), ['b2', 'a3']);
    // Asking changes nothing.
    assert.deepEqual(choices(['c1']), ['a2', 'b2', 'a3']);
  });

  it('is one phase at a time of each run where the executor runs the first of a run', () => {
    queue = new CandidateQueue(names.map(candidate), options, ledger, []);
    bring(resultOf('a1'));
    bring(resultOf('b1'));
    bring(resultOf('c1'));
    assert.deepEqual(choices(), ['a2', 'b2']);
    assert.deepEqual(choices(['a2']), ['b2']);
  });

  it('is what may have passed by itself before all else, unless another is at it', () => {
    bring(resultOf('b1'));
    const error = 'HTTP status 429: rate limit';
    bring(
      resultOf('a1', { success: false, finalState: 'FAILED', error, stderrTail: error, fingerprint: 'f' }),
    );
    const [first] = queue.choices(10, []);
    assert.equal(first?.kind, 'retry');
    assert.equal(first.candidate.phaseId, 'a1');
    assert.ok(first.pauseMs > 0);
    assert.deepEqual(choices(['a1']).slice(0, 1), ['c1']);
  });

  it('says where a phase may be taken again that was not known, and takes it once it is', () => {
    queue = new CandidateQueue(['b1', 'c1'].map(candidate), options, ledger);
    const cut = { success: false, finalState: 'QUEUED', outcome: 'interrupted', exitCode: null } as const;
    assert.equal(bring(resultOf('a1', cut)), false);
    queue.refill(names.map(candidate), null);
    assert.deepEqual(choices(), ['b1', 'c1', 'a2']);
  });
});
