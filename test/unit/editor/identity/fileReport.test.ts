import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { UserFacingError } from '../../../../src/core/errors.ts';
import type { DatabaseFacts } from '../../../../src/core/model/databaseFacts.ts';
import type { DatabaseState } from '../../../../src/editor/database/databaseState.ts';
import { fileReport } from '../../../../src/editor/identity/fileReport.ts';
import { exampleFacts } from '../support/examples.ts';

const path = 'vscode-vfs://github/o/r/seed.db';

function ready(changes: Partial<DatabaseFacts> = {}): DatabaseState {
  const facts = exampleFacts({ path, ...changes });
  return { kind: 'ready', path, facts, version: {} as never, replaced: false };
}

const rows = (state: DatabaseState): readonly string[] =>
  (fileReport(state).facts ?? []).map(({ name, value }) => `${name}: ${value}`);

describe('what a file says of itself', () => {
  it('is its role, its id, what is in it, and how it is written', () => {
    const found = rows(ready({ level: 'ask', journalMode: 'wal', modifiedAt: 0, sizeBytes: 4096 }));
    assert.deepEqual(
      found.map((row) => row.split(':')[0]),
      ['Role', 'Id', 'Protection', 'Content', 'Samples', 'Journal', 'File'],
    );
    assert.ok(found.includes('Content: 1 run, 10 phases (10 queued)'), found.join(' | '));
    assert.ok(found.includes('Journal: WAL (write-ahead log)'));
    // A file system of the web may not tell when it was written.
    assert.match(found.at(-1) ?? '', /^File: \S+ \S+$/);
  });

  it('says that a file was not adopted, and that there is no telemetry', () => {
    const found = rows(ready({ id: null, level: null, telemetry: null }));
    assert.ok(found.includes('Id: none: it was not adopted'));
    assert.ok(found.includes('Samples: no such table'));
    assert.ok(!found.some((row) => row.startsWith('Protection')));
  });

  it('names the selection, which is the file itself or gone', () => {
    assert.deepEqual(
      fileReport(ready()).sources.map(({ state }) => state),
      ['same'],
    );
    const error = new UserFacingError('not-found', 'It is gone.', 'Select another.');
    const gone = fileReport({ kind: 'problem', path, error });
    assert.deepEqual([gone.sources.map(({ state }) => state), gone.facts], [['missing'], undefined]);
  });

  it('is nothing without a selection, and nothing of one that is still checked', () => {
    assert.deepEqual(fileReport({ kind: 'none' }).sources, []);
    assert.equal(fileReport({ kind: 'none' }).path, null);
    assert.deepEqual(fileReport({ kind: 'checking', path }).sources, []);
  });

  it('is an issue where another file came in its place', () => {
    const replaced = { ...ready(), replaced: true } as DatabaseState;
    assert.deepEqual(
      fileReport(replaced).findings.map(({ code }) => code),
      ['replaced'],
    );
  });
});
