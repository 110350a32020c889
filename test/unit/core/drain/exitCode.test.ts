import assert from 'node:assert/strict';
import { exitCodeMeaning, exitText } from '../../../../src/core/drain/errorText.ts';

describe('exitCodeMeaning', () => {
  const meanings: readonly (readonly [code: number, meaning: RegExp])[] = [
    [130, /^SIGINT/],
    [134, /^SIGABRT/],
    [137, /^SIGKILL.*memory/],
    [139, /^SIGSEGV/],
    [143, /^SIGTERM/],
    [-9, /^SIGKILL/],
    [-11, /^SIGSEGV/],
    [160, /^signal 32/],
    [126, /cannot be executed/],
    [127, /not found/],
    [9009, /not found/],
    [0xc0000005, /access violation/],
    [-1073741819, /access violation/],
    [0xc000013a, /Ctrl\+C/],
    [-1073741510, /Ctrl\+C/],
    [0xc0000135, /library/],
    [0xc00000fd, /stack overflow/],
  ];
  for (const [code, meaning] of meanings) {
    it(`knows ${code}`, () => assert.match(exitCodeMeaning(code) ?? '', meaning));
  }

  it('leaves what a program chose', () => {
    for (const code of [0, 1, 2, 3, 64, 78, 125, 128, 200, 255]) assert.equal(exitCodeMeaning(code), null);
    assert.equal(exitText(1), 'Exit code 1');
    assert.equal(exitText(null), 'Ended by a signal');
  });
});
