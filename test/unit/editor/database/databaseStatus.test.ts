import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { UserFacingError, type ErrorCode } from '../../../../src/core/errors.ts';
import { databaseStatus, roleIcon, spokenStatus } from '../../../../src/editor/database/databaseStatus.ts';
import { cutText } from '../../../../src/editor/database/databaseState.ts';
import { exampleFacts, examplePostgres, readyState } from '../support/examples.ts';

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

  const path = 'postgresql://me@db.example:5432/autopack';
  const server = examplePostgres();

  it('calls a PostgreSQL database by its name and host, and says that it can only be read', () => {
    const facts = exampleFacts({ path, server });
    assert.equal(
      databaseStatus(readyState(facts)).text,
      '$(database) Seed: autopack on db.example · 1 run, 10 phases',
    );
    const reader = { ...facts, server: { ...server, mayWrite: false } };
    assert.match(
      databaseStatus(readyState(reader)).text,
      /autopack on db\.example · read-only user · 1 run, 10 phases$/,
    );
    const replica = { ...facts, server: { ...server, isReplica: true } };
    assert.match(databaseStatus(readyState(replica)).text, / · replica, read-only · 1 run, 10 phases$/);
  });

  it('says that the server of what is shown cannot be reached', () => {
    const error = new UserFacingError('unreachable', 'No way.', 'Try again.');
    const state = {
      ...readyState(exampleFacts({ path, server })),
      cut: { error, readAt: new Date(2026, 0, 2, 12, 3).getTime() },
    };
    assert.deepEqual(databaseStatus(state), {
      text: '$(warning) Seed: autopack on db.example · cannot be reached · 1 run, 10 phases',
      severity: 'warning',
      command: 'checkIdentity',
    });
    assert.equal(cutText(state), 'Cannot reach db.example; showing what was read at 12:03');
    assert.match(
      databaseStatus({ kind: 'problem', path, error }).text,
      /autopack on db\.example: cannot be reached/,
    );
  });

  const emptiness = [{ code: 'empty', message: 'The database is empty.' }] as const;
  const empty = exampleFacts({ role: 'legacy', warnings: emptiness });

  it('does not warn of one that was made to be seeded and has no runs as yet', () => {
    const fresh = databaseStatus(readyState(exampleFacts({ warnings: emptiness })));
    assert.deepEqual([fresh.text, fresh.severity], ['$(database) Seed: seed.db · no runs yet', 'normal']);
  });

  it('warns of an empty database and of a replaced file, and still says role and name', () => {
    assert.equal(databaseStatus(readyState(empty)).text, '$(warning) Legacy: seed.db · empty, no runs');
    assert.equal(
      databaseStatus(readyState(empty, true)).text,
      '$(warning) Legacy: seed.db · replaced by another file · empty, no runs',
    );
  });

  it('says the gravest, and how much more there is', () => {
    const state = readyState(exampleFacts());
    assert.deepEqual(databaseStatus(state, ['drift: DATABASE_URL in .env', 'tracked by git']), {
      text: '$(warning) Seed: seed.db · drift: DATABASE_URL in .env and 1 more · 1 run, 10 phases',
      severity: 'warning',
      command: 'checkIdentity',
    });
    assert.match(
      databaseStatus(state, [], 'wrong role for seeding').text,
      / seed\.db · wrong role for seeding · /,
    );
  });

  it('says role and name while the rest is being counted', () => {
    const state = { kind: 'checking', path: '/a/x.db' } as const;
    assert.equal(databaseStatus(state).text, '$(loading~spin) x.db');
    const role = { id: 'an-id', role: 'legacy' } as const;
    assert.equal(databaseStatus({ ...state, role }).text, '$(loading~spin) Legacy: x.db');
    const guessed = { ...role, id: null };
    assert.equal(databaseStatus({ ...state, role: guessed }).text, '$(loading~spin) Legacy?: x.db');
  });

  it('tells a role that the database says itself from one that its runs look like', () => {
    const guessed = exampleFacts({ role: 'legacy', id: null, roleSource: 'content' });
    assert.equal(databaseStatus(readyState(guessed)).text, '$(database) Legacy?: seed.db · 1 run, 10 phases');
    assert.equal(roleIcon(guessed), '$(circle-large-outline)');
    assert.equal(roleIcon(exampleFacts()), '$(circle-large-filled)');
    assert.equal(roleIcon({ id: null, role: 'unknown' }), '$(question)');
  });

  it('is spoken without icons, with the warning in words', () => {
    const state = readyState(exampleFacts());
    assert.equal(spokenStatus(databaseStatus(state)), 'Autopack database Seed: seed.db, 1 run, 10 phases');
    assert.equal(
      spokenStatus(databaseStatus(state, ['tracked by git'])),
      'Warning: Autopack database Seed: seed.db, tracked by git, 1 run, 10 phases',
    );
  });
});
