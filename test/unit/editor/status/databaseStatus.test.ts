import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { UserFacingError, type ErrorCode } from '../../../../src/core/errors.ts';
import { databaseStatus } from '../../../../src/editor/status/databaseStatus.ts';
import { exampleFacts, readyState } from '../support/examples.ts';

describe('the status bar', () => {
  it('says role, file, runs and phases', () => {
    assert.deepEqual(databaseStatus(readyState(exampleFacts())), {
      text: '$(database) Seed: seed.db · 1 run, 10 phases',
      severity: 'normal',
      command: 'checkIdentity',
    });
  });

  it('offers to select where nothing is selected', () => {
    assert.deepEqual(databaseStatus({ kind: 'none' }), {
      text: '$(warning) Autopack: no database selected',
      severity: 'warning',
      command: 'selectDatabase',
    });
  });

  const problems: readonly (readonly [ErrorCode, string])[] = [
    ['not-found', 'no such file'],
    ['not-autopack', 'not an Autopack database'],
    ['not-sqlite', 'not a SQLite database'],
    ['busy', 'busy, being written'],
    ['disk-full', 'unreadable'],
  ];
  for (const [code, words] of problems) {
    it(`warns in words of ${code}`, () => {
      const error = new UserFacingError(code, 'A long explanation.', 'What to do.');
      const status = databaseStatus({ kind: 'problem', path: '/a/x.db', error });
      assert.deepEqual(status, {
        text: `$(warning) x.db: ${words}`,
        severity: 'warning',
        command: 'checkIdentity',
      });
    });
  }

  it('warns of an empty database and of a replaced file, of the latter first', () => {
    const facts = exampleFacts({ warnings: [{ code: 'empty', message: 'The database is empty.' }] });
    assert.equal(databaseStatus(readyState(facts)).text, '$(warning) seed.db: empty, no runs');
    assert.equal(
      databaseStatus(readyState(facts, true)).text,
      '$(warning) seed.db: replaced by another file',
    );
  });
});
