import assert from 'node:assert/strict';
import type { ExecutionResult } from '../../../../src/core/model/execution.ts';
import { abandonedReason } from '../../../../src/core/drain/abandonedPhase.ts';
import { phaseSnapshot } from '../../../support/phaseSnapshot.ts';

describe('strandedReason', () => {
  type Outcome = ExecutionResult['outcome'];

  function reason(outcome: Outcome, from: string, to: string, stderrTail = ''): string | null {
    const before = phaseSnapshot({ state: from });
    const after = { ...before, state: to, revision: from === to ? '1' : '2' };
    const exitCode = outcome === 'exited' ? 1 : null;
    return abandonedReason(
      before,
      after,
      { outcome, exitCode, durationMs: 1, stdoutTail: '', stderrTail },
      900,
    );
  }

  it('sets FAILED, after a timeout, whatever is not settled', () => {
    for (const state of ['QUEUED', 'EXECUTING', 'GATE', 'CI_RUNNING']) {
      assert.match(reason('timed-out', 'FAILED', state) ?? '', /^Timed out after 900 s/);
    }
    assert.match(reason('timed-out', 'FAILED', 'FAILED') ?? '', /^Timed out/, 'never touched');
    assert.equal(reason('timed-out', 'QUEUED', 'FAILED'), null, 'failed by itself, with its own reason');
    assert.equal(reason('timed-out', 'QUEUED', 'COMPLETE'), null);
  });

  it('leaves a cancelled phase that had not begun', () => {
    assert.equal(reason('cancelled', 'QUEUED', 'QUEUED'), null);
    assert.equal(reason('cancelled', 'FAILED', 'QUEUED'), null);
    assert.match(reason('cancelled', 'QUEUED', 'EXECUTING') ?? '', /^Cancelled by user\.$/);
  });

  it('says after a crash what the output says, and leaves a phase that waits for approval', () => {
    const crash = 'Traceback\nImportError: No module named x.\n';
    assert.equal(
      reason('exited', 'QUEUED', 'EXECUTING', crash),
      'The executor ended with exit code 1 and left the phase EXECUTING: ImportError: No module named x.',
    );
    assert.equal(
      reason('exited', 'QUEUED', 'CI_RUNNING'),
      'The executor ended with exit code 1 and left the phase CI_RUNNING.',
    );
    assert.equal(reason('exited', 'QUEUED', 'GATE'), null);
    assert.equal(reason('failed-to-start', 'QUEUED', 'EXECUTING'), null);
  });
});
