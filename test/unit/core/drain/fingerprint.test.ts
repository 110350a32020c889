import assert from 'node:assert/strict';
import { fingerprintOf } from '../../../../src/core/drain/fingerprint.ts';

describe('fingerprintOf', () => {
  const failure = {
    runId: 'run-1',
    phaseId: 'phase-1',
    finalState: 'FAILED',
    outcome: 'exited',
    exitCode: 1,
    error: 'run-1: Oh',
  } as const;

  it('is final state, return-code class and masked error, with the version of the masks', () => {
    assert.equal(fingerprintOf(failure), 'FAILED|rc1|h2:<id>: oh');
  });

  it('tells ends apart', () => {
    assert.match(fingerprintOf({ ...failure, exitCode: 2 }), /\|rc2\|/);
    assert.match(fingerprintOf({ ...failure, exitCode: null }), /\|killed\|/);
    assert.match(fingerprintOf({ ...failure, outcome: 'timed-out', exitCode: null }), /\|timeout\|/);
  });
});
