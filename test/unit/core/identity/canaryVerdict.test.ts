import assert from 'node:assert/strict';
import { ageText, rememberVerdict } from '../../../../src/core/identity/apiVerdict.ts';

const minute = 60_000;

describe('what a canary run told', () => {
  it('is so many minutes, hours or days ago', () => {
    const ages = [0, minute - 1, minute, 59 * minute, 60 * minute, 24 * 60 * minute, 50 * 60 * minute];
    assert.deepEqual(ages.map(ageText), [
      'just now',
      'just now',
      '1 min ago',
      '59 min ago',
      '1 h ago',
      '1 day ago',
      '2 days ago',
    ]);
  });

  it('never outweighs what asking tells now, and says nothing of a server that is not there', () => {
    const mark = { id: 'i', path: '/seed.db', fileId: '1:2' };
    const about = { url: 'u', databaseId: 'i', path: '/seed.db', fileId: '1:2', databaseIdentity: null };
    const kept = [{ ...about, verdict: 'same', askedAt: 0 }] as const;
    const verdictOf = (verdict: 'same' | 'different' | 'unknown', isReachable: boolean): string =>
      rememberVerdict({ verdict, evidence: '', isReachable }, 'u', mark, kept, 0).verdict;
    assert.equal(verdictOf('unknown', true), 'same');
    assert.equal(verdictOf('different', true), 'different');
    assert.equal(verdictOf('unknown', false), 'unknown');
  });
});
