import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { untrackCommand } from '../../../../src/core/identity/gitFinding.ts';
import { shellCommand, shellWord } from '../../../../src/core/text/shellCommand.ts';
import { skipBecause } from '../../../support/skipBecause.ts';

const words: readonly (readonly [word: string, posix: string, powershell: string])[] = [
  ['seed.db', 'seed.db', 'seed.db'],
  ['/srv/a-b_c/seed.db', '/srv/a-b_c/seed.db', '/srv/a-b_c/seed.db'],
  ['C:\\data\\seed.db', "'C:\\data\\seed.db'", 'C:\\data\\seed.db'],
  ['two words.db', "'two words.db'", "'two words.db'"],
  ["it's.db", "'it'\\''s.db'", "'it''s.db'"],
  ['$(id).db', "'$(id).db'", "'$(id).db'"],
  ['`id`;x&y|z', "'`id`;x&y|z'", "'`id`;x&y|z'"],
  ['~/seed.db', "'~/seed.db'", "'~/seed.db'"],
  ['a=~/seed.db', "'a=~/seed.db'", 'a=~/seed.db'],
  ['a:~', "'a:~'", 'a:~'],
  ['seed~1.db', 'seed~1.db', 'seed~1.db'],
  ['-rf x', "'-rf x'", "'-rf x'"],
  ['--', '--', '--'],
  ['', "''", "''"],
  ['!x*?[a]{b,c}', "'!x*?[a]{b,c}'", "'!x*?[a]{b,c}'"],
  ['a\nb\x1b[2J', "$'a\\x0ab\\x1b[2J'", "'a\nb\x1b[2J'"],
  ['it\u2019s', "'it\u2019s'", "'it\u2019\u2019s'"],
];

describe('shellCommand', () => {
  for (const [word, posix, powershell] of words) {
    it(`quotes ${JSON.stringify(word)}`, () => {
      assert.equal(shellWord(word, 'posix'), posix);
      assert.equal(shellWord(word, 'powershell'), powershell);
    });
  }

  it('is taken apart by bash into the words it was made of', function () {
    if (spawnSync('bash', ['-c', 'true']).status !== 0) skipBecause(this, 'there is no bash');
    const units = [
      'a',
      ' ',
      "'",
      '"',
      '\\',
      '$',
      '`',
      '\n',
      '\t',
      '!',
      '*',
      '~',
      '-',
      ';',
      'ü',
      '\x1b',
      '0',
      '=',
    ];
    const texts = fc.sample(fc.string({ unit: fc.constantFrom(...units), minLength: 1 }), 300);
    const script = `printf '%s\\0' ${shellCommand(texts, 'posix')}`;
    const { stdout } = spawnSync('bash', ['-c', script], {
      encoding: 'utf8',
    });
    assert.deepEqual(stdout.split('\0').slice(0, -1), texts);
  });

  it('untracks a file of any name from any folder', () => {
    const command = (repository: string, relativePath: string): string =>
      untrackCommand({ repository, relativePath });
    assert.equal(command('/repo', 'data/seed.db'), 'git -C /repo rm --cached -- data/seed.db');
    assert.equal(command('/my repo', '-x;y.db'), "git -C '/my repo' rm --cached -- '-x;y.db'");
    assert.equal(
      command('/repo', ':(top)*.db'),
      "git -C /repo --literal-pathspecs rm --cached -- ':(top)*.db'",
    );
    assert.equal(command('C:\\repo', 'a b.db'), "git -C C:\\repo rm --cached -- 'a b.db'");
  });
});
