import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { drainDefaults } from '../../../../src/core/drain/drainOptions.ts';
import { budgetText, limitText, parseLimit } from '../../../../src/editor/drains/drainLimitTexts.ts';

describe('the limits of a drain', () => {
  it('are read as they are typed, with separators, or as none', () => {
    assert.equal(parseLimit('maxTokens', ' 50,000 '), 50_000);
    assert.equal(parseLimit('maxTokens', '1_000_000'), 1_000_000);
    assert.equal(parseLimit('maxTokens', '50.000'), 50_000);
    assert.equal(parseLimit('maxTokens', '50\u202f000'), 50_000);
    assert.equal(parseLimit('maxTokens', ''), null);
    assert.equal(parseLimit('maxCost', '1.5'), 1.5);
    assert.equal(parseLimit('maxCost', '1.125'), 1.125);
  });

  it('are refused with what to give instead', () => {
    assert.equal(parseLimit('batchSize', ''), 'Give a whole number above zero.');
    assert.equal(parseLimit('batchSize', '1.5'), 'Give a whole number above zero.');
    assert.equal(parseLimit('maxTokens', 'many'), 'Give a whole number above zero, or nothing.');
    assert.equal(parseLimit('maxTokens', '-1'), 'Give a whole number above zero, or nothing.');
    assert.equal(parseLimit('phaseTimeoutSeconds', '1e9'), 'Give at most 604,800.');
    assert.equal(parseLimit('maxCost', 'Infinity'), 'Give a number above zero, or nothing.');
  });

  it('are told in words', () => {
    assert.equal(limitText('maxTokens', 50_000), '50,000 tokens');
    assert.equal(limitText('phaseTimeoutSeconds', 900), '15 min');
    assert.equal(limitText('maxTotalMinutes', null), 'no limit');
    assert.equal(budgetText(drainDefaults), null);
    assert.equal(budgetText({ ...drainDefaults, maxTokens: 1000, maxCost: 2 }), '1,000 tokens, $2');
  });
});
