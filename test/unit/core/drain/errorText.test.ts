import assert from 'node:assert/strict';
import { errorOf } from '../../../../src/core/drain/errorText.ts';
import type { ExecutionResult } from '../../../../src/core/model/execution.ts';
import type { PhaseSnapshot } from '../../../../src/core/model/phaseObservation.ts';
import { phaseSnapshot } from '../../../support/phaseSnapshot.ts';

function textOf(
  before: PhaseSnapshot,
  after: PhaseSnapshot | null,
  execution: ExecutionResult,
  timeoutSeconds = 900,
): string {
  return errorOf(before, after, execution, timeoutSeconds).text;
}

describe('errorOf', () => {
  const before = phaseSnapshot({ state: 'FAILED', failureReason: 'old reason' });
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
    assert.equal(textOf(before, after, ended), 'PATCH_FAILED');
    const said = { ...before, failureReason: 'The patch does not apply: src/a.py', revision: '2' };
    assert.equal(textOf(before, said, { ...ended, stderrTail: traceback }), said.failureReason);
  });

  it('is the cause in the output where the database has only a status', () => {
    for (const failureReason of [
      'FAILED',
      'DOCTOR_REPLAN',
      'EXCEPTION: ModuleNotFoundError',
      'PATCH_FAILED',
    ]) {
      const after = { ...before, failureReason, revision: '2' };
      assert.deepEqual(errorOf(before, after, { ...ended, stderrTail: traceback }, 900), {
        text: "ModuleNotFoundError: No module named 'autopack'",
        status: failureReason,
      });
      assert.equal(textOf(before, after, ended), failureReason);
    }
  });

  it('is what an exit code means where a signal ended it and the database has only a status', () => {
    const after = { ...before, failureReason: 'FAILED', revision: '2' };
    assert.match(textOf(before, after, { ...ended, exitCode: 137 }), /^Exit code 137 \(SIGKILL: .*memory/);
    assert.match(textOf(before, after, { ...ended, exitCode: 3221225477 }), /access violation/);
    assert.equal(textOf(before, after, { ...ended, exitCode: 2 }), 'FAILED');
  });

  it('keeps of a long line the end, and of a progress bar the last state', () => {
    const bar = `${'#'.repeat(2000)} 99%\rERROR: out of disk\r`;
    assert.equal(textOf(before, before, { ...ended, stderrTail: bar }), 'ERROR: out of disk');
    const long = `${'x '.repeat(3000)}ValueError: bad total`;
    assert.equal(textOf(before, before, { ...ended, stderrTail: long }), '…ValueError: bad total');
    const end = textOf(before, before, { ...ended, stderrTail: `error ${'y'.repeat(5000)} the end` });
    assert.match(end, /^….*the end$/);
    assert.ok(end.length <= 1000);
  });

  it('is not the reason of an earlier failure, but the last complaint of the output', () => {
    assert.equal(
      textOf(before, before, { ...ended, stderrTail: traceback }),
      "ModuleNotFoundError: No module named 'autopack'",
    );
    const stdoutTail = 'ERROR: cannot open\nFinal words\n';
    assert.equal(textOf(before, before, { ...ended, stdoutTail }), 'ERROR: cannot open');
  });

  it('is how it ended where nothing complains', () => {
    assert.equal(textOf(before, before, ended), 'Exit code 1, no output that says why.');
    assert.equal(textOf(before, before, { ...ended, stdoutTail: 'bye\n' }), 'Exit code 1: bye');
    assert.equal(
      textOf(before, before, { ...ended, outcome: 'timed-out', exitCode: null }, 60),
      'Timed out after 60 s.',
    );
    assert.equal(textOf(before, null, ended), 'The phase is no longer in the database.');
  });
});
