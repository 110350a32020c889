import assert from 'node:assert/strict';
import { causeOf } from '../../../../src/core/failures/failureCause.ts';

describe('the word of the executor on its phase', () => {
  const refused = `Error code: 401 - {'type': 'error', 'error': {'type': 'authentication_error', 'message': 'invalid x-api-key'}}`;
  const bookkeeping = `[2026-01-02 03:04:06] ERROR: [IssueTracker] Corrupt issue file (.autonomous_runs/r/issues/p1_issues.json); recreating defaults
Traceback (most recent call last):
  File "/app/issue_tracker.py", line 72, in load_phase_issues
    return PhaseIssueFile.model_validate_json(raw)
pydantic_core._pydantic_core.ValidationError: 1 validation error for PhaseIssueFile
tier_id
  Input should be a valid string [type=string_type, input_value=1, input_type=int]
    For further information visit https://errors.pydantic.dev/2.13/v/string_type
[2026-01-02 03:04:06] WARNING: [IssueTracker] Failed to record builder guardrail issue: 1 validation error for RunIssueIndexEntry
seen_in_tiers.0
  Input should be a valid string [type=string_type, input_value=1, input_type=int]
`;
  const end = `[2026-01-02 03:04:06] WARNING: Phase p1 finished with status: FAILED
[2026-01-02 03:04:06] INFO: Autonomous execution loop finished
`;
  const causeIn = (stderrTail: string, phaseId: string | null = 'p1'): string | undefined =>
    causeOf('FAILED', { stdoutTail: '', stderrTail }, phaseId)?.text;

  it('outweighs the traceback of bookkeeping behind it', () => {
    const stderr = `[2026-01-02 03:04:06] ERROR: [p1] Builder failed: ${refused}\n${bookkeeping}${end}`;
    for (const phaseId of ['p1', null])
      assert.match(causeIn(stderr, phaseId) ?? '', /401.*authentication_error/);
  });

  it('outweighs an unrelated error that is logged behind it, unless it is of another phase', () => {
    const unrelated = `[2026-01-02 03:04:07] ERROR: [Telemetry] Cannot write: disk full\n${end}`;
    const stderr = `[2026-01-02 03:04:06] ERROR: [p1] Builder failed: ${refused}\n${unrelated}`;
    assert.match(causeIn(stderr) ?? '', /401/);
    assert.match(causeIn(stderr, 'p') ?? '', /disk full/);
  });

  it('is nothing where it says only that it failed', () => {
    const stderr = `[2026-01-02 03:04:06] ERROR: anthropic.AuthenticationError: ${refused}
[2026-01-02 03:04:06] ERROR: [p1] Builder failed: None
${end}`;
    assert.match(causeIn(stderr) ?? '', /401/);
  });

  it('is not the traceback of a warning, but is one with which the interpreter ends', () => {
    const traceback = `Traceback (most recent call last):\n  File "a.py", line 1, in <module>\n    main()\nKeyError: 'tokens'\n`;
    const warned = `[2026-01-02 03:04:05] ERROR: Builder failed: ${refused}\n[2026-01-02 03:04:06] WARNING: no metrics\n${traceback}`;
    assert.match(causeIn(`${warned}${end}`) ?? '', /401/);
    assert.equal(causeIn(warned), `KeyError: 'tokens'`);
  });

  it('is the line behind a frame whose source is not at hand', () => {
    const stderr = `Traceback (most recent call last):
  File "app.py", line 1, in main
DatabaseError: Database migration failed: (sqlite3.OperationalError) table runs already exists
[SQL: \nCREATE TABLE runs (\n)\n]
(Background on this error at: https://sqlalche.me/e/20/e3q8)`;
    assert.match(causeIn(stderr) ?? '', /^DatabaseError: .*table runs already exists$/);
  });

  it('comes with what it announces', () => {
    const listed = `ValueError: Invalid API key(s) detected:\n  - ANTHROPIC_API_KEY (invalid format)\n  - OPENAI_API_KEY (empty)\n`;
    assert.equal(
      causeIn(listed),
      'ValueError: Invalid API key(s) detected: ANTHROPIC_API_KEY (invalid format); OPENAI_API_KEY (empty)',
    );
    assert.equal(causeIn('ValueError: no rows in:\nbye'), 'ValueError: no rows in:');
  });
});
