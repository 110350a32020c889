import assert from 'node:assert/strict';
import { estimateTokens } from '../../../examples/executor/estimator.mjs';

const file = (path: string, exists = false) => ({ path, exists });

describe('the estimator of the example executor', () => {
  for (const [category, complexity, deliverables, predicted] of [
    ['implementation', 'high', [file('src/a.py'), file('src/b.py', true)], 1.3 * (5000 + 2000 + 700)],
    ['tests', 'low', [file('tests/test_a.py')], 1.3 * (915 + 1400)],
    ['testing', 'low', [file('tests/helpers.py')], 1.3 * (915 + 1400)],
    ['documentation', 'medium', [file('README.md'), file('docs/a.rst', true)], 1.3 * (2500 + 500 + 400)],
    ['frontend', 'medium', [file('web/App.tsx'), file('web/app.css', true)], 1.3 * (3500 + 2800 + 1100)],
    ['configuration', 'low', [file('config/a.yaml')], 1.3 * (800 + 1000)],
    ['something else', 'high', [file('latest_news.py')], 1.3 * (2000 + 2000)],
  ] as const) {
    it(`predicts ${category}, ${complexity}, ${deliverables.map(({ path }) => path).join(' and ')}`, () => {
      assert.equal(estimateTokens(category, complexity, deliverables).predicted, Math.floor(predicted));
    });
  }

  it('takes the base budget of the complexity for a small prediction', () => {
    const budgets = (['low', 'medium', 'high'] as const).map((complexity) => {
      const { selectedBudget, maxTokens } = estimateTokens('docs', complexity, [file('a.md')]);
      return [selectedBudget, maxTokens];
    });
    assert.deepEqual(budgets, [
      [8192, 16384],
      [12288, 16384],
      [16384, 16384],
    ]);
  });

  it('takes a fifth more than a large prediction, up to a limit', () => {
    const files = (count: number) => Array.from({ length: count }, (_, index) => file(`src/${index}.py`));
    const large = estimateTokens('backend', 'high', files(8));
    assert.deepEqual(large, { predicted: 27_300, selectedBudget: 32_760, maxTokens: 32_760 });
    assert.equal(estimateTokens('backend', 'high', files(40)).selectedBudget, 64_000);
  });
});
