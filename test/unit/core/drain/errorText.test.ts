import assert from 'node:assert/strict';
import { errorOf } from '../../../../src/core/drain/errorText.ts';
import type { ExecutionResult } from '../../../../src/core/drain/executorPort.ts';
import { phaseGlimpse } from '../../../support/phaseGlimpse.ts';

describe('errorOf', () => {
  const before = phaseGlimpse({ state: 'FAILED', failureReason: 'old reason' });
  const ended: ExecutionResult = {
    outcome: 'exited',
    exitCode: 1,
    durationMs: 1,
    stdoutTail: '',
    stderrTail: '',
  };
  const traceback = `Traceback (most recent call last):
  File "scripts/drain_one_phase.py", line 20, in <module>
    from autopack.database import SessionLocal
ModuleNotFoundError: No module named 'autopack'
`;

  it('is the reason in the database where this execution wrote it', () => {
    const after = { ...before, failureReason: 'PATCH_FAILED', revision: '2' };
    assert.equal(errorOf(before, after, { ...ended, stderrTail: traceback }, 900), 'PATCH_FAILED');
  });

  it('is not the reason of an earlier failure, but the last complaint of the output', () => {
    assert.equal(
      errorOf(before, before, { ...ended, stderrTail: traceback }, 900),
      "ModuleNotFoundError: No module named 'autopack'",
    );
    const stdoutTail = 'ERROR: cannot open\nFinal words\n';
    assert.equal(errorOf(before, before, { ...ended, stdoutTail }, 900), 'ERROR: cannot open');
  });

  it('is how it ended where nothing complains', () => {
    assert.equal(errorOf(before, before, ended, 900), 'Exit code 1, the phase is FAILED, no output.');
    assert.equal(errorOf(before, before, { ...ended, stdoutTail: 'bye\n' }, 900), 'Exit code 1: bye');
    assert.equal(
      errorOf(before, before, { ...ended, outcome: 'timed-out', exitCode: null }, 60),
      'Timed out after 60 s.',
    );
    assert.equal(errorOf(before, null, ended, 900), 'The phase is no longer in the database.');
  });
});
