import assert from 'node:assert/strict';
import { noSpend, type ModelSpend } from '../../../../src/core/model/modelCall.ts';
import { costLabel, spendFacts, spendOfResults } from '../../../../src/core/drain/spendTexts.ts';

const spend: ModelSpend = {
  ...{ calls: 2, uncachedInput: 1200, cachedInput: 800, cacheWrite: 0, output: 500, reasoning: 200 },
  cost: { input: 0.006, cached: 0.0004, cacheWrite: 0, output: 0.009, reasoning: 0.006 },
  ...{ unpricedCalls: 0, countedCalls: 0 },
};

const shown = (of: ModelSpend | null): string[] =>
  spendFacts(of).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]));

describe('what a drain cost', () => {
  it('is the sum of what its builders say, and unknown where no builder called a model', () => {
    assert.equal(spendOfResults([{}, {}]), null);
    assert.equal(spendOfResults([{ spend }, {}, { spend }])?.output, 1000);
  });

  it('stands in a row as an estimate, with what the phase under way has cost so far', () => {
    assert.equal(costLabel(null), null);
    assert.equal(costLabel(noSpend), null);
    assert.equal(costLabel(spend), '~$0.0214');
    assert.equal(costLabel(spend, 1), '~$1.02');
  });

  it('is told by input, cached input, output and reasoning', () => {
    assert.deepEqual(shown(spend), [
      'Model calls: 2',
      'Input: 1,200 tokens, about $0.0060',
      'Cached input: 800 tokens, about $0.0004',
      'Output: 300 tokens, about $0.0090',
      'Reasoning: 200 tokens, about $0.0060',
      'Cost: about $0.0214',
    ]);
    assert.deepEqual(shown(null), []);
    assert.deepEqual(shown(noSpend), []);
  });

  it('says what is not known of it', () => {
    const cost = { input: 0, cached: 0, cacheWrite: 0, output: 0, reasoning: 0 };
    const free = { ...spend, cost, unpricedCalls: 2, countedCalls: 2 };
    assert.equal(
      shown(free).at(-1),
      'Cost: not known: no price for the model; tokens of 2 calls counted here, not reported',
    );
    assert.equal(
      shown({ ...spend, unpricedCalls: 1 }).at(-1),
      'Cost: about $0.0214; without 1 call of no known price',
    );
  });
});
