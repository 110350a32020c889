import assert from 'node:assert/strict';
import { fingerprintOf, isCurrentFingerprint } from '../../../../src/core/failures/fingerprint.ts';

describe('fingerprintOf', () => {
  const failure = {
    runId: 'run-1',
    phaseId: 'phase-1',
    outcome: 'exited',
    exitCode: 1,
    error: 'run-1: Oh',
  } as const;

  it('is return-code class and masked error, with the version of the masks', () => {
    assert.equal(fingerprintOf(failure), 'rc1|h3:<id>: oh');
  });

  it('knows its own from those of earlier versions and of Autopack', () => {
    assert.ok(isCurrentFingerprint(fingerprintOf(failure)));
    for (const other of ['FAILED|rc1|h2:<id>: oh', 'FAILED|rc1|oh', 'FAILED|rc1|h3: oh', '']) {
      assert.ok(!isCurrentFingerprint(other), other);
    }
  });

  it('tells ends apart', () => {
    assert.match(fingerprintOf({ ...failure, exitCode: 2 }), /^rc2\|/);
    assert.match(fingerprintOf({ ...failure, exitCode: null }), /^killed\|/);
    assert.match(fingerprintOf({ ...failure, outcome: 'timed-out', exitCode: null }), /^timeout\|/);
  });
});
