import assert from 'node:assert/strict';
import fc from 'fast-check';
import { maskError } from '../../../../src/core/drain/maskError.ts';

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
const errors = fc.oneof(
  fc.array(parts, { maxLength: 30 }).map((each) => each.join('')),
  fc.string({ maxLength: 400, unit: 'binary' }),
  fc.stringMatching(/^[\\/.:'"a-f0-9<> =-]{0,200}$/),
);

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
    ];
    assert.equal(new Set(texts.map((text) => maskError(text))).size, texts.length);
  });

  it('is settled: masked again, it stays', () => {
    fc.assert(
      fc.property(errors, (text) => {
        const masked = maskError(text);
        assert.equal(maskError(masked), masked);
      }),
      { numRuns: 2000 },
    );
  });

  it('never tells two texts apart by their digits', () => {
    fc.assert(
      fc.property(errors, fc.integer({ min: 1, max: 9 }), (text, step) => {
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
      for (const first of pieces) {
        for (const second of pieces) {
          const hostile = (first + second).repeat(100_000).slice(0, 100_000);
          assert.equal(maskError(hostile), maskError(hostile.slice(0, 2000)));
        }
      }
    }).timeout(60_000);
  });
});
