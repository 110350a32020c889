import assert from 'node:assert/strict';
import { causeInReason, causeOf, isBareStatus } from '../../../../src/core/failures/failureCause.ts';

/** What executors write last, each with the line that says why: closing lines of Python's libraries and of tools around it. */
const endings: readonly (readonly [what: string, stderr: string, cause: RegExp])[] = [
  [
    'openai',
    `Traceback (most recent call last):
  File "/app/openai/_base_client.py", line 1037, in request
    raise self._make_status_error_from_response(err.response) from None
openai.AuthenticationError: Error code: 401 - {'error': {'message': 'Incorrect API key provided: sk-ab***yz.', 'type': 'invalid_request_error', 'param': None, 'code': 'invalid_api_key'}}`,
    /^openai\.AuthenticationError: Error code: 401/,
  ],
  [
    'anthropic, as Autopack logs it',
    `[2026-01-02 03:04:05] INFO: Retrying request to /v1/messages in 0.5 seconds
[2026-01-02 03:04:06] ERROR: [p1] Builder failed: Error code: 529 - {'type': 'error', 'error': {'type': 'overloaded_error', 'message': 'Overloaded'}}
[2026-01-02 03:04:06] WARNING: Phase p1 finished with status: FAILED
[2026-01-02 03:04:06] ERROR: [p1] All attempts exhausted, marking phase failed
[2026-01-02 03:04:06] ERROR: Run failed`,
    /Error code: 529/,
  ],
  [
    'httpx',
    `httpx.HTTPStatusError: Server error '503 Service Unavailable' for url 'https://api.example.org/v1/messages'
For more information check: https://developer.mozilla.org/en-US/docs/Web/HTTP/Status/503`,
    /^httpx\.HTTPStatusError: Server error '503/,
  ],
  [
    'requests over urllib3',
    `urllib3.exceptions.MaxRetryError: HTTPSConnectionPool(host='h', port=443): Max retries exceeded with url: /

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "a.py", line 1, in <module>
    requests.get('https://h')
requests.exceptions.ConnectionError: HTTPSConnectionPool(host='h', port=443): Max retries exceeded with url: / (Caused by NewConnectionError('Failed to establish a new connection'))`,
    /^requests\.exceptions\.ConnectionError/,
  ],
  [
    'SQLAlchemy, with a statement whose columns are named like errors',
    `DatabaseError: Database migration failed: (sqlite3.OperationalError) table runs already exists
[SQL: 
CREATE TABLE runs (
	error_message VARCHAR, failed INTEGER
)

]
(Background on this error at: https://sqlalche.me/e/20/e3q8)`,
    /table runs already exists$/,
  ],
  [
    'SQLAlchemy, on one line with parameters',
    `sqlalchemy.exc.IntegrityError: (sqlite3.IntegrityError) UNIQUE constraint failed: runs.id
[SQL: INSERT INTO runs (id, error) VALUES (?, ?)]
[parameters: ('r', 'failed')]
(Background on this error at: https://sqlalche.me/e/20/gkpj)`,
    /^sqlalchemy\.exc\.IntegrityError: .*runs\.id$/,
  ],
  [
    'pydantic, with the field and its fault',
    `pydantic_core._pydantic_core.ValidationError: 1 validation error for Settings
database_url
  Field required [type=missing, input_value={'a': 1}, input_type=dict]
    For further information visit https://errors.pydantic.dev/2.5/v/missing`,
    /ValidationError: 1 validation error for Settings: database_url: Field required \[type=missing\]$/,
  ],
  [
    'pytest',
    `=================================== FAILURES ===================================
    def test_total():
>       assert total([1]) == 2
E       AssertionError: assert 1 == 2
E        +  where 1 = total([1])

tests/test_cart.py:4: AssertionError
=========================== short test summary info ============================
FAILED tests/test_cart.py::test_total - AssertionError: assert 1 == 2
========================= 1 failed, 3 passed, 1 skipped in 0.12s =========================`,
    /^FAILED tests\/test_cart\.py::test_total - AssertionError/,
  ],
  [
    'asyncio',
    `Task exception was never retrieved
future: <Task finished name='Task-1' coro=<main() done, defined at a.py:1> exception=ValueError('bad')>
Traceback (most recent call last):
  File "a.py", line 3, in main
    raise ValueError('bad')
ValueError: bad`,
    /^ValueError: bad$/,
  ],
  [
    'a bare asyncio timeout',
    'Traceback (most recent call last):\n  File "a.py", line 3\n    await x\nasyncio.exceptions.TimeoutError\n',
    /TimeoutError$/,
  ],
  [
    'an exception group',
    `  + Exception Group Traceback (most recent call last):
  |   File "a.py", line 1, in <module>
  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "a.py", line 2, in f
    | ValueError: bad total
    +------------------------------------`,
    /ValueError: bad total$/,
  ],
  [
    'subprocess',
    `subprocess.CalledProcessError: Command '['git', 'apply']' died with <Signals.SIGKILL: 9>.`,
    /SIGKILL: 9/,
  ],
  ['POSIX', `OSError: [Errno 28] No space left on device\nsys:1: ResourceWarning: unclosed file`, /Errno 28/],
  [
    'Windows',
    `PermissionError: [WinError 32] The process cannot access the file because it is being used by another process: 'x.db'`,
    /WinError 32/,
  ],
  [
    'git',
    'error: patch failed: src/a.py:12\nerror: src/a.py: patch does not apply\n',
    /patch does not apply$/,
  ],
  ['a shell', '/bin/sh: 1: python3: not found\n', /python3: not found/],
  [
    'a server that does not start',
    `ERROR: Failed to start API server: [Errno 98] Address already in use
INFO: Cleaning up
ERROR: Cannot proceed without API server. Exiting.`,
    /^ERROR: Failed to start API server/,
  ],
  [
    'warnings beside it',
    `ERROR: [p1] Execution failed: 'AutonomousExecutor' object has no attribute 'db'
WARNING: [Qdrant] Connection check failed for localhost:6333: [WinError 10061] refused
ERROR: [Qdrant] Failed to ensure collection 'code_docs': connection refused
WARNING: Telemetry write failed (non-blocking): no such table`,
    /has no attribute 'db'$/,
  ],
  [
    'what was overcome',
    `ERROR: [p1] Builder failed: Error code: 529 - overloaded_error
INFO: [p1] Builder succeeded (6213 tokens)
ERROR: [Isolation] Patch rejected - 2 violations (protected paths + scope)`,
    /Patch rejected - 2 violations/,
  ],
  [
    'colors',
    '\u001b[1m\u001b[31mModuleNotFoundError\u001b[0m: No module named x\u001b[K\n',
    /^ModuleNotFoundError: No module named x$/,
  ],
  [
    'loguru',
    '2026-01-02 03:04:05.678 | ERROR    | app.main:run:12 - cannot open the database: locked',
    /cannot open the database/,
  ],
  ['logging', 'ERROR:root:cannot open the database: locked\nWARNING:root:bye', /cannot open the database/],
];

describe('causeOf', () => {
  for (const [what, stderrTail, cause] of endings) {
    it(`finds it in the output of ${what}, behind a bare status or none`, () => {
      for (const reason of [null, 'FAILED', 'max_attempts_exhausted']) {
        const found = causeOf(reason, { stderrTail, stdoutTail: '' });
        assert.match(found?.text ?? '', cause);
        assert.equal(found?.source, 'stderr');
      }
      assert.equal(causeOf('FAILED', { stderrTail: '', stdoutTail: stderrTail })?.source, 'stdout');
    });
  }

  it('leaves a reason of several words as it is', () => {
    for (const [, stderrTail] of endings) {
      const reason = 'Deliverables missing: docs/a.md';
      assert.equal(causeOf(reason, { stderrTail, stdoutTail: '' })?.text, reason);
    }
  });

  it('says a status where nothing else is said', () => {
    const quiet = {
      stderrTail: 'INFO: done\nWARNING: Phase p finished with status: FAILED\n',
      stdoutTail: '',
    };
    assert.equal(causeOf('DOCTOR_REPLAN', quiet)?.text, 'DOCTOR_REPLAN');
    assert.equal(
      causeOf('PATCH_FAILED', { stderrTail: 'WARNING: x failed: y', stdoutTail: '' })?.text,
      'PATCH_FAILED',
    );
    assert.equal(causeOf(null, { stderrTail: 'all is well', stdoutTail: '' }), null);
  });

  it('takes the telling line of a stored traceback', () => {
    const stored =
      'Traceback (most recent call last):\n  File "a.py", line 1\n    f()\nKeyError: \'scope\'\n';
    assert.equal(causeInReason(stored)?.text, "KeyError: 'scope'");
    assert.equal(causeInReason('two lines\nof plain words')?.text, 'two lines\nof plain words');
  });
});

describe('isBareStatus', () => {
  const bare = `FAILED
failed.
Failed!
ERROR
DOCTOR_REPLAN
DOCTOR_REPLAN_AFTER_EXCEPTION
REPLANNED
REPLANNED_AFTER_EXCEPTION
EXCEPTION: AttributeError
EXCEPTION_OCCURRED: KeyError
EXCEPTION_OCCURRED
AttributeError
max_attempts_exhausted
MAX_ATTEMPTS_EXHAUSTED
Max attempts (3) exhausted
All 3 attempts failed
Phase p-1 finished with status: FAILED
[p-1] Builder failed
Execution failed
Run failed after 5 retries
Unknown error
An unexpected error occurred
RETRY_AFTER_RECOVERY
APPLYING_ESCALATION
None
Exit code 1
Something went wrong, see the logs for details`.split('\n');
  for (const status of bare) it(`is ${status}`, () => assert.ok(isBareStatus(status)));

  const telling = `PATCH_FAILED
DELIVERABLES_VALIDATION_FAILED
AUDITOR_REJECT
KeyError: 'scope'
Builder failed: no patch content
Error code: 529 - overloaded_error
out of memory
Timed out after 900 s`.split('\n');
  for (const text of telling) it(`is not ${text}`, () => assert.ok(!isBareStatus(text)));
});
