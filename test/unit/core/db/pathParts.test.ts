import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { databaseFolder, databaseName, databaseStem } from '../../../../src/core/db/databaseName.ts';
import { fileName, fileStem, parentFolder, separatorOf } from '../../../../src/core/db/pathParts.ts';

describe('the parts of a path', () => {
  for (const [path, folder, name, stem] of [
    ['/data/a.b/runs.db', '/data/a.b', 'runs.db', 'runs'],
    ['/runs.db', '/', 'runs.db', 'runs'],
    ['/data/.db', '/data', '.db', '.db'],
    ['/data/back\\slash.db', '/data', 'back\\slash.db', 'back\\slash'],
    ['C:\\work\\runs.db', 'C:\\work', 'runs.db', 'runs'],
    ['C:\\runs.db', 'C:\\', 'runs.db', 'runs'],
    ['c:/data/runs.db', 'c:/data', 'runs.db', 'runs'],
    ['\\\\server\\share\\runs.db', '\\\\server\\share', 'runs.db', 'runs'],
    ['runs.db', '', 'runs.db', 'runs'],
    ['vscode-vfs://github/o/r/runs.db', 'vscode-vfs://github/o/r', 'runs.db', 'runs'],
  ] as const) {
    it(`are known of ${path}, on any machine`, () => {
      assert.deepEqual([parentFolder(path), fileName(path), fileStem(path)], [folder, name, stem]);
    });
  }

  it('stand between separators of their own kind', () => {
    assert.deepEqual(['/a/b', 'C:\\a', 'c:/a', '/a\\b'].map(separatorOf), ['/', '\\', '/', '/']);
  });

  it('give a database its name, and none of a server a folder', () => {
    const server = 'postgresql://reader@db.example:5432/autopack';
    assert.equal(databaseName('C:\\work\\runs.db'), 'runs.db');
    assert.equal(databaseStem('/data/runs.sqlite3'), 'runs');
    assert.equal(databaseFolder('/data/runs.db'), '/data');
    assert.equal(databaseFolder(server), null);
    assert.equal(databaseStem(server), 'autopack');
  });
});
