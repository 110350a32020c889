import assert from 'node:assert/strict';
import fc from 'fast-check';
import { maskError } from '../../../../src/core/drain/errorMasks.ts';

describe('maskError', () => {
  const same: readonly (readonly [what: string, ...texts: string[]])[] = [
    ['times', 'at 2025-12-29 19:03:48,123 it broke', 'at 2026-01-01T00:00:00.5Z it broke'],
    [
      'UUIDs',
      'phase 87204fe1-3276-4a58-ba51-807bc6652f6c lost',
      'phase ef3c2bff-def2-4a8f-8c04-af53ad45589a lost',
    ],
    ['addresses', 'object at 0x7f8a1b2c3d4e', 'object at 0x10'],
    ['hosts', 'no answer from 127.0.0.1:8123', 'no answer from 10.0.0.255:80'],
    ['URLs', 'GET http://localhost:8000/runs/a failed', 'GET https://api.example.org/x?y=1 failed'],
    ['line numbers', 'SyntaxError at line 12', 'SyntaxError at line 4711'],
    ['commits', 'baseline c5835e0d9 differs', 'baseline 00ff12abcdef differs'],
    ['durations', 'gave up after 12.5 s', 'gave up after 900 seconds'],
    ['POSIX paths', 'cannot open /home/a/b.py', 'cannot open /srv/repo/src/very/deep/c.py'],
    ['Windows paths', 'cannot open C:\\dev\\Autopack\\a.py', 'cannot open D:\\Program Files\\b b\\c.py'],
    ['quoted values', `unknown key "a b"`, `unknown key 'c'`],
    ['letter case and white space', 'Patch  failed\n at step 3', 'patch failed at step 14'],
  ];
  for (const [what, first = '', ...others] of same) {
    it(`takes out ${what}`, () => {
      for (const other of others) assert.equal(maskError(other), maskError(first));
    });
  }

  it('takes out the ids of run and phase, the longer first', () => {
    const masked = maskError('Phase lovable-p1-core of lovable-p1 failed', ['lovable-p1', 'lovable-p1-core']);
    assert.equal(masked, 'phase <id> of <id> failed');
  });

  it('keeps what tells failures apart', () => {
    const texts = [
      'PATCH_FAILED',
      'MAX_ATTEMPTS_EXHAUSTED',
      "can't apply the patch",
      "couldn't reach the API",
      'rate limit',
    ];
    assert.equal(new Set(texts.map((text) => maskError(text))).size, texts.length);
  });

  it('is short and settled, whatever it is given', () => {
    const path = fc.stringMatching(/^[\\/.:'"a-f0-9 -]{0,200}$/);
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 400, unit: 'binary' }), path), (text) => {
        const masked = maskError(text);
        assert.ok(masked.length <= 200);
        assert.doesNotMatch(masked, /[A-Z]|\s{2}/);
      }),
    );
  });

  it('takes no more than a moment over texts made to be slow', () => {
    const pieces = [
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
    ];
    for (const first of pieces) {
      for (const second of pieces) {
        const started = performance.now();
        maskError((first + second).repeat(100_000));
        assert.ok(performance.now() - started < 500, first + second);
      }
    }
  });
});
