import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { excludedPaths } from '../../../../src/node/watch/findDatabases.ts';

describe('excludedPaths', () => {
  const isExcluded = excludedPaths({
    '**/.git': true,
    'build/**': true,
    '**/*.tmp': true,
    '{old,.cache}': true,
    '**/kept': false,
    '**/*.js': { when: '$(basename).ts' },
  });

  it('hides what the patterns match, names with a leading dot included', () => {
    for (const path of ['.git', 'a/.git', 'build/x.db', 'build/.hidden.db', 'a/.x.tmp', 'old', '.cache']) {
      assert.equal(isExcluded(path), true, path);
    }
  });

  it('hides nothing else: no switched-off pattern, no conditional one', () => {
    for (const path of ['x.db', '.github', 'a/build/x.db', 'a/old', 'kept', 'x.js', 'builds/x.db']) {
      assert.equal(isExcluded(path), false, path);
    }
  });
});
