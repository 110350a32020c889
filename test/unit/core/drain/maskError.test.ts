import assert from 'node:assert/strict';
import fc from 'fast-check';
import { maskError } from '../../../../src/core/failures/fingerprint.ts';
import { anyCharacter } from '../../../support/anyCharacter.ts';

/** Parts that masks look for, put together at random: where masks meet is where they go wrong. */
const parts = fc.constantFrom(
  ...[
    'error',
    'cannot open',
    'b1',
    'node-7',
    'x=3',
    'reason=bad',
    'user bob',
    '12',
    '3.5',
    'ms',
    'tests',
    '9f',
    '0x1f',
  ],
  ...[
    '/home/a b/c.py',
    'C:\\x y\\z.ts',
    'http://h/p?q=1',
    'a.b.c',
    '1.2.3.4:80',
    'fe80::1:2',
    'ffffffff',
    'file.py',
  ],
  ...[
    '"q r"',
    "'v'",
    '`w`',
    '<path>',
    'line 12',
    '2025-01-02T03:04:05Z',
    'jun 17',
    '"GET /x HTTP/1.1"',
    'e@f.gh',
  ],
  ...[
    'no such table: t',
    '<1 sec',
    'é',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    ':',
    ',',
    ';',
    '<',
    '>',
    '=',
    '-',
    '_',
    '#',
  ],
  ...['.', '/', '\\', '\n', ' ', '  '],
);
const codes = fc.constantFrom(
  ...[
    'status 503',
    '[WinError 5]',
    'error code: 429',
    'exit code 137',
    'signal 9',
    "'code': 'a_b'",
    '"type": "x"',
    '[::1]:80',
  ],
);
const errors = fc.oneof(
  fc.array(parts, { maxLength: 30 }).map((each) => each.join('')),
  fc.string({ maxLength: 400, unit: anyCharacter }),
  fc.stringMatching(/^[\\/.:'"a-f0-9<> =-]{0,200}$/),
);

/** Errors of services and systems, of which each is another one though only a code or a type differs. */
const codesApart = [
  `Error code: 400 - {'type': 'error', 'error': {'type': 'authentication_error', 'message': 'x'}}`,
  `Error code: 400 - {'type': 'error', 'error': {'type': 'invalid_request_error', 'message': 'x'}}`,
  `Error code: 403 - {'type': 'error', 'error': {'type': 'permission_error', 'message': 'x'}}`,
  `Error code: 529 - {'type': 'error', 'error': {'type': 'overloaded_error', 'message': 'x'}}`,
  `Error code: 429 - {'error': {'message': 'x', 'type': 'tokens', 'code': 'rate_limit_exceeded'}}`,
  `Error code: 429 - {'error': {'message': 'x', 'type': 'insufficient_quota', 'code': 'insufficient_quota'}}`,
  '{"error":{"code":400,"message":"x","status":"INVALID_ARGUMENT"}}',
  '{"error":{"code":404,"message":"x","status":"NOT_FOUND"}}',
  '{"error":{"code":"1302","message":"x"}}',
  '{"error":{"code":"1113","message":"x"}}',
  'HTTP 429',
  'HTTP 500',
  'status 503',
  'status 504',
  'status code: 401',
  '404 Client Error',
  '500 Server Error',
  '[WinError 5] refused',
  '[WinError 32] refused',
  '[Errno 13] refused',
  '[Errno 28] refused',
  'Command returned non-zero exit status 137.',
  'Command returned non-zero exit status 139.',
  'Command returned non-zero exit status 1.',
  'exit code -9',
  'exit code -11',
  'exit code 3221225477',
  'exit code 3221225786',
  'died with <Signals.SIGKILL: 9>',
  'died with <Signals.SIGSEGV: 11>',
  '\u001b[31mImportError\u001b[0m: x',
  '\u001b[31mSyntaxError\u001b[0m: x',
];

describe('maskError', () => {
  const same: readonly (readonly [what: string, ...texts: string[]])[] = [
    ['times', 'at 2025-12-29 19:03:48,123 it broke', 'at 2026-01-01T00:00:00.5Z it broke'],
    [
      'UUIDs',
      'phase 87204fe1-3276-4a58-ba51-807bc6652f6c lost',
      'phase ef3c2bff-def2-4a8f-8c04-af53ad45589a lost',
    ],
    ['addresses', 'object at 0x7f8a1b2c3d4e', 'object at 0x10'],
    ['hosts', 'no answer from 127.0.0.1:8123', 'no answer from localhost:80', 'no answer from fe80::1:2:3'],
    ['URLs', 'GET http://localhost:8000/runs/a failed', 'GET https://api.example.org/x?y=1 failed'],
    ['line numbers', 'SyntaxError at line 12', 'SyntaxError at line 4711'],
    ['commits', 'baseline c5835e0d9 differs', 'baseline 00ff12abcdef differs', 'baseline deadbeef differs'],
    ['durations', 'gave up after 12.5 s', 'gave up after 900 seconds', 'gave up after 00:12'],
    ['POSIX paths', 'cannot open /home/a/b.py', 'cannot open /srv/my repo/src/deep/c.py', 'cannot open b.py'],
    ['Windows paths', 'cannot open C:\\dev\\Autopack\\a.py', 'cannot open D:\\Program Files\\b b\\c.py'],
    ['quoted values', `unknown key "a b"`, `unknown key 'c'`],
    ['how long a list is', "missing: ['a.py']", "missing: ['a.py', 'b c.py', 'd.py']"],
    ['how many there were', '1 test failed', '12 tests failed'],
    ['a size given twice', 'wrote 900 bytes at once', 'wrote 1165 bytes (1.13 KB) at once'],
    [
      'the half of the day',
      'at 11/27/2026 1:02:03 PM it broke',
      'at 11/27/2026 9:02 AM it broke',
      'at 2:03\u202fam it broke',
    ],
    ['curly quotes', 'unknown key “a b”', 'unknown key "a b"', 'unknown key ‘c’', "unknown key 'c'"],
    [
      'IPv6 in brackets',
      'no answer from [::1]:8000',
      'no answer from 127.0.0.1:8000',
      'no answer from [fe80::1%eth0]:1',
      'no answer from ::1',
    ],
    ['URLs of IPv6 hosts', 'GET http://[::1]:8000/runs/a failed', 'GET http://localhost:8000/runs/a failed'],
    [
      'short hashes without a digit',
      'baseline abcdefa differs',
      'baseline 00ff12a differs',
      'baseline deadbee differs',
    ],
    [
      'durations of days',
      'gave up after 1 day, 2:03:04',
      'gave up after 12 days, 0:00:01.5',
      'gave up after 2:03:04',
      'gave up after 7 s',
    ],
    [
      'colors',
      '\u001b[31mImportError\u001b[0m: no module',
      'ImportError: no module',
      '\u001b[1;38;5;9mImportError\u001b[m: no module',
    ],
    [
      'request ids of services',
      "Error code: 429 - {'request_id': 'req_011CSxyz'}",
      "Error code: 429 - {'request_id': 'req_abc'}",
    ],
    ['keys', 'Incorrect API key provided: sk-ab12***yz.', 'Incorrect API key provided: sk-proj-****cdef.'],
    ['letter case and white space', 'Patch  failed\n at step 3', 'patch failed at step 14'],
  ];
  for (const [what, first = '', ...others] of same) {
    it(`takes out ${what}`, () => {
      for (const other of others) assert.equal(maskError(other), maskError(first));
    });
  }

  it('takes out the ids of run and phase, the longer first, where they stand alone', () => {
    const masked = maskError('Phase lovable-p1-core of lovable-p1 failed, lovable-p1x did not', [
      'lovable-p1',
      'lovable-p1-core',
    ]);
    assert.equal(masked, 'phase <id> of <id> failed, <n> did not');
    assert.equal(maskError('the latest test', ['test']), 'the latest <id>');
    assert.equal(maskError('test: no src/test/test.py in test.', ['test']), '<id>: no <path> in <id>.');
  });

  it('keeps what tells failures apart', () => {
    const texts = [
      'PATCH_FAILED',
      'MAX_ATTEMPTS_EXHAUSTED',
      'DOCTOR_SKIP: PATCH_FAILED',
      "can't apply the patch",
      "couldn't reach the API",
      'rate limit',
      '"GET /runs HTTP/1.1" failed',
      '"POST /runs HTTP/1.1" failed',
      'requests.exceptions.ConnectionError: refused',
      'requests.exceptions.ReadTimeout: refused',
      'stopped: reason=auditor_reject',
      'stopped: reason=quality_gate',
      ...codesApart,
    ];
    assert.equal(new Set(texts.map((text) => maskError(text))).size, texts.length);
  });

  it('is settled: masked again, it stays', () => {
    fc.assert(
      fc.property(errors, fc.array(codes, { maxLength: 4 }), (text, some) => {
        const masked = maskError([text, ...some, text].join(' '));
        assert.equal(maskError(masked), masked);
      }),
      { numRuns: 2000 },
    );
  });

  it('never tells two texts apart by their digits, but for those of codes', () => {
    fc.assert(
      fc.property(errors, fc.integer({ min: 1, max: 9 }), (text, step) => {
        // What follows a request line is a status, a code as well, wherever it was put together like that.
        fc.pre(!/HTTP\/\d\.\d"\s*\d/.test(text));
        const other = text.replace(/\d/g, (digit) => String((Number(digit) + step) % 10));
        assert.equal(maskError(other), maskError(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('is short, in lower case and without white space to spare', () => {
    fc.assert(
      fc.property(errors, (text) => {
        const masked = maskError(text);
        assert.ok(masked.length <= 200);
        assert.doesNotMatch(masked, /[A-Z]|\s{2}|^\s|\s$/);
      }),
    );
  });

  describe('of texts made to be slow', () => {
    const pieces = [
      ...[
        'a.',
        'a-',
        '/',
        '\\',
        "'",
        '"',
        'c:\\',
        'c:\\a ',
        '0',
        '0a',
        '\\\\a',
        '../',
        'a@',
        '12:',
        'f0-',
        'a=',
      ],
      ...['<n>', '(<n>', '"get /', 'http://', '1.1.', 'jun ', ':', 'user ', '.', '#', '%', '(', '\n'],
    ];

    it('looks at the first 2,000 characters only', () => {
      for (const [at, first] of pieces.entries()) {
        // Over and over, one after the other is the same either way round.
        for (const second of pieces.slice(at)) {
          const both = first + second;
          const hostile = both.repeat(20_000 / both.length);
          assert.equal(maskError(hostile), maskError(hostile.slice(0, 2000)));
        }
      }
    }).timeout(60_000);
  });
});
