import assert from 'node:assert/strict';
import { drainsTitle } from '../../../../src/editor/drains/sessionTexts.ts';

describe('title of the Drains view', () => {
  const live = { ended: 3, expected: 10, pause: 'none', isCancelling: false } as const;

  it('says how far the drain is, where its row has no room for it', () => {
    assert.equal(drainsTitle([live]), '3 of 10');
    assert.equal(drainsTitle([{ ...live, pause: 'paused' }]), '3 of 10, paused');
    assert.equal(drainsTitle([{ ...live, pause: 'paused', isCancelling: true }]), '3 of 10, ending');
    assert.equal(drainsTitle([{ ...live, ended: 0, expected: 0 }]), 'starting');
  });

  it('counts drains where there are several, and says nothing of none', () => {
    assert.equal(drainsTitle([live, live]), '2 under way');
    assert.equal(drainsTitle([]), '');
  });
});
