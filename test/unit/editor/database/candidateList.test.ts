import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import {
  CandidateList,
  unaskedLook,
  type DatabaseLook,
} from '../../../../src/editor/database/databaseCandidate.ts';

describe('CandidateList', () => {
  it('lists a path once, whoever names it, and tells of every change', async () => {
    let changes = 0;
    let answer: (look: DatabaseLook) => void = () => undefined;
    const list = new CandidateList(
      () => new Promise((resolve) => (answer = resolve)),
      () => (changes += 1),
    );
    const added = list.add('/a.db');
    assert.deepEqual(list.all, [{ path: '/a.db', namedBy: [], look: { kind: 'looking' } }]);
    await list.add('/a.db', ['DATABASE_URL in .env']);
    answer({ kind: 'other', reason: 'damaged' });
    await added;
    assert.deepEqual(list.all, [
      { path: '/a.db', namedBy: ['DATABASE_URL in .env'], look: { kind: 'other', reason: 'damaged' } },
    ]);
    assert.equal(changes, 3);
  });
});

describe('a list of databases', () => {
  const named = 'postgresql://me@db.example:5432/autopack';

  it('calls no server that a file names, before a person has selected it', () => {
    assert.equal(unaskedLook(named, [])?.kind, 'other');
    assert.equal(unaskedLook(`${named}?sslmode=disable`, [named])?.kind, 'other');
  });

  it('looks into files, and into what was selected before', () => {
    assert.equal(unaskedLook('/repo/seed.db', []), null);
    assert.equal(unaskedLook(named, ['/repo/seed.db', named]), null);
  });
});
