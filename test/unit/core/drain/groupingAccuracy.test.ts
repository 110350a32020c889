import assert from 'node:assert/strict';
import { maskError } from '../../../../src/core/failures/fingerprint.ts';
import { groupingAccuracy } from '../../../support/groupingAccuracy.ts';
import { labelledFailures } from '../../../support/labelledFailures.ts';

describe('grouping accuracy', () => {
  it('counts a text as right only if its group is exactly the true one', () => {
    const texts = ['a1', 'a2', 'b1', 'b2', 'c1'].map((text) => ({ text, label: text.charAt(0) }));
    const of = (groupOf: (text: string) => string) => groupingAccuracy(texts, groupOf).accuracy;
    assert.equal(
      of((text) => text.charAt(0)),
      1,
    );
    assert.equal(
      of((text) => text),
      0.2,
      'too fine: only c1 is alone in truth too',
    );
    assert.equal(
      of(() => ''),
      0,
      'too coarse',
    );
    assert.equal(
      of((text) => (text.startsWith('a') ? 'a' : 'rest')),
      0.4,
    );
  });

  it('is at least 0.94 on failures of builds', () => {
    const { accuracy, wrong } = groupingAccuracy(labelledFailures, (text) => maskError(text));
    assert.ok(accuracy >= 0.94, `${accuracy}\n${wrong.join('\n')}`);
  });
});
