import assert from 'node:assert/strict';
import { excludeByGlobs } from '../../../../src/node/discovery/excludeByGlobs.ts';

describe('excludeByGlobs', () => {
  const cases: readonly (readonly [glob: string, matching: readonly string[], others: readonly string[]])[] =
    [
      ['**/.git', ['.git', 'a/.git', '.hidden/b/.git'], ['.gitignore', 'a.git', '.git/config']],
      ['**/*.pyc', ['a.pyc', '.cache/a.pyc', 'a/b/c.pyc'], ['a.py', 'apyc', 'a.pyc/b']],
      ['build', ['build'], ['a/build', 'builds']],
      ['data/**', ['data', 'data/a.db', 'data/b/c.db'], ['database', 'a/data/b.db']],
      ['**/out/**', ['out', 'a/out', 'a/out/b.db'], ['layout', 'outs/a']],
      ['**', ['a', 'a/b'], []],
      ['*.{db,sqlite}', ['a.db', 'a.sqlite'], ['a.dbx', 'x/a.db']],
      ['**/{old,backup}/**', ['old', 'a/backup/b.db'], ['older/b.db']],
      ['a?.db', ['ab.db'], ['a.db', 'a/.db', 'abc.db']],
      ['run-[0-9].db', ['run-1.db'], ['run-a.db', 'run-12.db']],
      ['run-[!0-9].db', ['run-a.db'], ['run-1.db']],
      ['a+(b).db', ['a+(b).db'], ['aab.db']],
      ['a,b}.db', ['a,b}.db'], ['a.db']],
    ];
  for (const [glob, matching, others] of cases) {
    it(`reads ${glob} as VS Code does`, () => {
      const isExcluded = excludeByGlobs([glob]);
      for (const path of matching) assert.ok(isExcluded(path), `${path} is excluded`);
      for (const path of others) assert.ok(!isExcluded(path), `${path} stays`);
    });
  }

  it('excludes by any of several, and by none of none', () => {
    assert.ok(excludeByGlobs(['a', 'b'])('b'));
    assert.ok(!excludeByGlobs([])('b'));
  });

  it('passes over a pattern that makes no sense', () => {
    const isExcluded = excludeByGlobs(['[z-a]', '{a', 'b']);
    assert.ok(isExcluded('b'));
    assert.ok(!isExcluded('a'));
  });
});
