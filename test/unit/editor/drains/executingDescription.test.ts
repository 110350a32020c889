import assert from 'node:assert/strict';
import { executingDescription } from '../../../../src/editor/drains/executingDescription.ts';

const flight = { startedAt: 0, timeoutMs: 900_000, activity: null };
const activity = { step: 'asking', outputTokens: 1234, cost: 0.0123 } as const;

describe('the row of a phase under way', () => {
  it('says how long it has been running, where nothing else is known of it', () => {
    assert.equal(executingDescription(flight, null, 12_000), 'executing for 12 s, at most 15 min');
  });

  it('says what it is at, with the tokens and the cost so far', () => {
    assert.equal(
      executingDescription({ ...flight, activity }, null, 12_000),
      'asking the model · 1.2K tokens · ~$0.0123 · 12 s of at most 15 min',
    );
    const free = { ...activity, outputTokens: 0, cost: null };
    assert.equal(
      executingDescription({ ...flight, activity: free }, null, 0),
      'asking the model · 0 s of at most 15 min',
    );
  });

  it('says whose turn it is', () => {
    const approving = { ...flight, activity: { ...activity, step: 'approving' } } as const;
    assert.match(executingDescription(approving, 2, 0), /^waiting for you: 2 files to look at · /);
    assert.match(executingDescription(approving, null, 0), /^waiting for approval · /);
    const waiting = { ...flight, activity: { ...activity, step: 'waiting', until: 30_000 } } as const;
    assert.match(executingDescription(waiting, null, 12_000), /^asks again in 18 s · /);
    assert.match(executingDescription(waiting, null, 31_000), /^waiting to ask again · /);
  });
});
