import type { LabelledText } from './groupingAccuracy.ts';

/**
 * Failure messages of the kinds that builds by language models end with, each list one true group: written for these tests in
 * the forms of Python, pytest, SQLite, HTTP clients, git, model APIs and executors. Labelled by what a person would repair.
 */
const groups: readonly (readonly string[])[] = [
  // Python
  [`ModuleNotFoundError: No module named 'shop'`, `ModuleNotFoundError: No module named 'shop.cart_items'`],
  [
    `ImportError: cannot import name 'parse' from 'shop.cart' (/home/ada/shop/src/shop/cart.py)`,
    `ImportError: cannot import name 'Total2' from 'shop' (C:\\Users\\Ada L\\shop\\src\\shop\\__init__.py)`,
  ],
  [
    `AttributeError: 'Executor' object has no attribute 'db'`,
    `AttributeError: 'NoneType' object has no attribute 'items'`,
  ],
  [
    `AttributeError: module 'shop.cart' has no attribute 'parse'`,
    `AttributeError: module 'os' has no attribute 'O_BINARY'`,
  ],
  [`NameError: name 'models' is not defined`, `NameError: name 'Path' is not defined`],
  [
    `TypeError: build() missing 1 required positional argument: 'phase'`,
    `TypeError: build() missing 2 required positional arguments: 'phase' and 'run'`,
  ],
  [
    `TypeError: build() got an unexpected keyword argument 'retry'`,
    `TypeError: build() got an unexpected keyword argument 'x2'`,
  ],
  [
    `TypeError: unsupported operand type(s) for +: 'int' and 'str'`,
    `TypeError: unsupported operand type(s) for +: 'NoneType' and 'float'`,
  ],
  [`KeyError: 'actual_output_tokens'`, `KeyError: 'scope'`],
  [`IndexError: list index out of range`],
  [
    `ValueError: invalid literal for int() with base 10: 'twelve'`,
    `ValueError: invalid literal for int() with base 10: ''`,
  ],
  [
    `ValueError: not enough values to unpack (expected 2, got 1)`,
    `ValueError: not enough values to unpack (expected 3, got 0)`,
  ],
  [`RecursionError: maximum recursion depth exceeded`],
  [
    `SyntaxError: invalid syntax (cart.py, line 12)`,
    `SyntaxError: invalid syntax (test_orders.py, line 4)`,
    `SyntaxError: invalid syntax (conftest.py, line 101)`,
  ],
  [
    `IndentationError: unexpected indent (prices.py, line 7)`,
    `IndentationError: unexpected indent (mail_out.py, line 33)`,
  ],
  [
    `FileNotFoundError: [Errno 2] No such file or directory: 'examples/telemetry_utils/date_helper.py'`,
    `FileNotFoundError: [Errno 2] No such file or directory: '/tmp/build 7/a b.json'`,
  ],
  [
    `PermissionError: [WinError 5] Access is denied: 'C:\\\\dev\\\\shop\\\\.git\\\\index.lock'`,
    `PermissionError: [WinError 5] Access is denied: 'D:\\\\Program Files\\\\shop\\\\x.db'`,
  ],
  [
    `PermissionError: [Errno 13] Permission denied: '/srv/shop/app.log'`,
    `PermissionError: [Errno 13] Permission denied: 'out.txt'`,
  ],
  [`OSError: [Errno 28] No space left on device`],
  [
    `UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte`,
    `UnicodeDecodeError: 'utf-8' codec can't decode byte 0x92 in position 1841: invalid start byte`,
  ],
  [
    `UnicodeEncodeError: 'charmap' codec can't encode character '\\u2705' in position 12: character maps to <undefined>`,
    `UnicodeEncodeError: 'cp1252' codec can't encode character '\\U0001f680' in position 0: character maps to <undefined>`,
  ],
  [
    `json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)`,
    `json.decoder.JSONDecodeError: Expecting value: line 12 column 3 (char 417)`,
  ],
  [
    `subprocess.CalledProcessError: Command '['git', 'apply', '--check']' returned non-zero exit status 1.`,
    `subprocess.CalledProcessError: Command '['python', '-m', 'pytest']' returned non-zero exit status 2.`,
  ],
  // pytest
  [`1 failed, 3 passed in 0.12s`, `4 failed, 25 passed in 61.00s (0:01:01)`],
  [`=== 2 errors in 0.31s ===`, `=== 1 error in 12.02s ===`],
  [
    `ERROR collecting tests/test_cart.py`,
    `ERROR collecting tests/unit/shop/test_prices.py`,
    `ERROR collecting examples/telemetry_utils/tests/test_list_helper.py`,
  ],
  [
    `FAILED tests/test_cart.py::test_total - assert 3 == 4`,
    `FAILED tests/test_cart.py::TestCart::test_empty - assert 0 == 12`,
  ],
  [`E       fixture 'tmp_shop' not found`, `E       fixture 'client' not found`],
  // SQLite
  [`sqlite3.OperationalError: database is locked`],
  [
    `sqlite3.OperationalError: no such table: token_estimation_v2_events`,
    `sqlite3.OperationalError: no such table: phases`,
  ],
  [
    `sqlite3.OperationalError: no such column: phases.last_failure_reason`,
    `sqlite3.OperationalError: no such column: is_sot_file`,
  ],
  [`sqlite3.OperationalError: unable to open database file`],
  [`sqlite3.DatabaseError: database disk image is malformed`],
  [
    `sqlite3.IntegrityError: UNIQUE constraint failed: phases.run_id, phases.phase_id`,
    `sqlite3.IntegrityError: UNIQUE constraint failed: runs.id`,
  ],
  [
    `sqlite3.IntegrityError: NOT NULL constraint failed: phases.name`,
    `sqlite3.IntegrityError: NOT NULL constraint failed: runs.state`,
  ],
  [`sqlite3.IntegrityError: FOREIGN KEY constraint failed`],
  // HTTP and networks
  [
    `requests.exceptions.HTTPError: 404 Client Error: Not Found for url: http://localhost:8000/runs/build-7`,
    `requests.exceptions.HTTPError: 404 Client Error: Not Found for url: http://127.0.0.1:8123/runs/a?b=1`,
  ],
  [
    `requests.exceptions.HTTPError: 500 Server Error: Internal Server Error for url: http://localhost:8000/phases`,
    `requests.exceptions.HTTPError: 500 Server Error: Internal Server Error for url: https://api.example.org/v1`,
  ],
  [`[WinError 10061] No connection could be made because the target machine actively refused it`],
  [
    `HTTPConnectionPool(host='localhost', port=8000): Read timed out. (read timeout=30)`,
    `HTTPConnectionPool(host='api.example.org', port=443): Read timed out. (read timeout=12.5)`,
  ],
  [`ConnectionRefusedError: [Errno 111] Connection refused`],
  [
    `Qdrant unavailable at localhost:6333; falling back to FAISS`,
    `Qdrant unavailable at 10.0.0.7:6333; falling back to FAISS`,
    `Qdrant unavailable at qdrant.internal.example.org:6333; falling back to FAISS`,
  ],
  [
    `ssl.SSLCertVerificationError: certificate verify failed: unable to get local issuer certificate (_ssl.c:1006)`,
    `ssl.SSLCertVerificationError: certificate verify failed: unable to get local issuer certificate (_ssl.c:992)`,
  ],
  // Model APIs
  [
    `anthropic.RateLimitError: Error code: 429 - {'type': 'error', 'request_id': 'req_011CSxyz'}`,
    `anthropic.RateLimitError: Error code: 429 - {'type': 'error', 'request_id': 'req_7Qab9'}`,
  ],
  [`anthropic.APITimeoutError: Request timed out.`],
  [
    `Output truncated: stop_reason=max_tokens after 16384 tokens (budget 16384)`,
    `Output truncated: stop_reason=max_tokens after 8192 tokens (budget 8192)`,
  ],
  [
    `prompt is too long: 208310 tokens > 200000 maximum`,
    `prompt is too long: 1041233 tokens > 1000000 maximum`,
  ],
  [
    `Provider anthropic disabled, using fallback model claude-sonnet-4-5 for role=builder, complexity=low`,
    `Provider anthropic disabled, using fallback model claude-sonnet-4-5 for role=auditor, complexity=high`,
  ],
  // git and patches
  [
    `error: patch failed: src/shop/cart.py:12`,
    `error: patch failed: README.md:1`,
    `error: patch failed: tests/test_prices.py:104`,
  ],
  [`error: corrupt patch at line 42`, `error: corrupt patch at line 7`],
  [
    `fatal: Unable to create '/home/ada/shop/.git/index.lock': File exists.`,
    `fatal: Unable to create 'C:/dev/shop/.git/index.lock': File exists.`,
  ],
  [
    `Patch rejected - 2 violations (protected paths + scope)`,
    `Patch rejected - 1 violations (protected paths + scope)`,
  ],
  [
    `BLOCKED: Patch attempts to modify protected path: src/shop/validation/__init__.py`,
    `BLOCKED: Patch attempts to modify protected path: pyproject.toml`,
  ],
  // Executors
  [`PATCH_FAILED`],
  [`MAX_ATTEMPTS_EXHAUSTED`],
  [`DELIVERABLES_VALIDATION_FAILED`],
  [`DOCTOR_SKIP: PATCH_FAILED`],
  [`Timed out after 900 s.`, `Timed out after 60 s.`, `Timed out after 1.5 s.`],
  [`Exit code 1, no output that says why.`, `Exit code 2, no output that says why.`],
  [`Exit code 137 (SIGKILL: killed, often because memory ran out), no output that says why.`],
  [`Exit code 139 (SIGSEGV: crashed), no output that says why.`],
  [
    `Deliverables missing: ['src/shop/cart.py', 'tests/test_cart.py']`,
    `Deliverables missing: ['docs/cart.md']`,
    `Deliverables missing: ['a.py', 'b c.py', 'd.py', 'e.py']`,
  ],
  [
    `[build-7.2-cart] Attempt 1/5 failed, will escalate model for next retry`,
    `[build-12.11-price-list] Attempt 4/5 failed, will escalate model for next retry`,
  ],
  [
    `Potential goal drift detected (similarity=-0.03 < 0.7)`,
    `Potential goal drift detected (similarity=0.01 < 0.7)`,
  ],
  [
    `Quality gate blocked phase 87204fe1-3276-4a58-ba51-807bc6652f6c at 2025-12-29 19:03:48,123`,
    `Quality gate blocked phase ef3c2bff-def2-4a8f-8c04-af53ad45589a at 2026-01-02T03:04:05Z`,
  ],
  [
    `Baseline c5835e0d9 is not an ancestor of HEAD (deadbeef)`,
    `Baseline 00ff12a is not an ancestor of HEAD (1234567)`,
  ],
  [
    `Run budget of 500000 tokens exhausted after 12 phases`,
    `Run budget of 20,000 tokens exhausted after 1 phase`,
  ],
  [`Killed: used 7.9 GB of memory (limit 8 GB)`, `Killed: used 512 MB of memory (limit 500 MiB)`],
];

/** Each message with the name of its group. */
export const labelledFailures: readonly LabelledText[] = groups.flatMap((texts, index) =>
  texts.map((text) => ({ text, label: `group ${index + 1}` })),
);
