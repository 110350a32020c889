import assert from 'node:assert/strict';
import { lastAttempt, type JournalEntry } from '../../../../src/core/builders/attemptJournal.ts';

const claim = {
  ...{ runId: 'r', phaseId: 'p', attempt: 1, claimedAt: 1 },
  before: { phase: 'QUEUED', tier: null, run: null },
};
const begun: readonly JournalEntry[] = [
  { kind: 'claimed', claim },
  { kind: 'call-started', at: 2 },
];

describe('the journal of an attempt', () => {
  it('is of nobody where nothing was begun', () => {
    assert.equal(lastAttempt([]), null);
    assert.equal(lastAttempt([{ kind: 'call-started', at: 2 }]), null);
  });

  it('tells a call that was under way from one that ended without using anything', () => {
    assert.equal(lastAttempt(begun)?.hasOpenCall, true);
    assert.equal(lastAttempt([...begun, { kind: 'call-ended', call: null }])?.hasOpenCall, false);
  });

  it('says of an open call also after it was recovered, for nobody may have heard of it yet', () => {
    const attempt = lastAttempt([...begun, { kind: 'recovered', isOurs: true }]);
    assert.deepEqual([attempt?.hasOpenCall, attempt?.end], [true, { kind: 'recovered', isOurs: true }]);
  });

  it('is of the last claim alone', () => {
    const again = [
      ...begun,
      { kind: 'settled' } as const,
      { kind: 'claimed', claim: { ...claim, attempt: 2 } } as const,
    ];
    const attempt = lastAttempt(again);
    assert.deepEqual([attempt?.claim.attempt, attempt?.hasOpenCall, attempt?.end], [2, false, null]);
  });
});
