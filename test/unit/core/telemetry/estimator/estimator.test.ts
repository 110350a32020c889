import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  deliverableMix,
  storedDeliverableMix,
} from '../../../../../src/core/telemetry/estimator/deliverableKind.ts';
import {
  predictTokens,
  selectBudget,
  estimatorSchema,
  autopackEstimator,
} from '../../../../../src/core/telemetry/estimator/estimator.ts';
import { allNew, splitsByPrediction } from '../../../../../src/core/telemetry/estimator/splitDeliverables.ts';
import { telemetryCollectionV4 } from '../../../../../src/core/seed/telemetryCollectionV4.ts';
import { estimateTokens } from '../../../../../examples/executor/estimator.mjs';

const executor = join(import.meta.dirname, '../../../../../examples/executor');
const low = { category: 'implementation', complexity: 'low' };

describe('estimator', () => {
  it('has the coefficients of the example executor, which fit the schema', () => {
    const file: unknown = JSON.parse(readFileSync(join(executor, 'estimator.json'), 'utf8'));
    assert.deepEqual(autopackEstimator, file);
    assert.deepEqual(estimatorSchema.parse(file), file);
  });

  it('refuses coefficients that cannot be', () => {
    assert.equal(estimatorSchema.safeParse({ ...autopackEstimator, safetyFactor: undefined }).success, false);
    assert.equal(estimatorSchema.safeParse({ ...autopackEstimator, otherOverhead: -1 }).success, false);
    const kinds = { ...autopackEstimator.marginalTokens, doc: undefined };
    assert.equal(estimatorSchema.safeParse({ ...autopackEstimator, marginalTokens: kinds }).success, false);
  });

  it('predicts what the example executor predicts, for every seeded phase, new or modified', () => {
    for (const phase of telemetryCollectionV4.phases) {
      const { category, complexity, deliverables } = phase;
      const mix = deliverableMix(deliverables);
      const { created } = allNew(mix);
      for (const exists of [false, true]) {
        const theirs = estimateTokens(
          category,
          complexity,
          deliverables.map((path) => ({ path, exists })),
        );
        const nothing = deliverableMix([]);
        const ours = exists ? { created: nothing, modified: created } : { created, modified: nothing };
        const predicted = predictTokens(autopackEstimator, phase, ours);
        assert.equal(predicted, theirs.predicted, phase.phaseId);
        assert.equal(selectBudget(autopackEstimator, complexity, predicted), theirs.selectedBudget);
      }
    }
  });

  it('takes the overhead for others where it knows no better, and caps the budget', () => {
    const odd = { category: 'poetry', complexity: 'extreme' };
    assert.equal(predictTokens(autopackEstimator, odd, allNew(deliverableMix(['a.py']))), 5200);
    assert.equal(selectBudget(autopackEstimator, 'low', 1000), 8192);
    assert.equal(selectBudget(autopackEstimator, 'low', 10_000), 12_000);
    assert.equal(selectBudget(autopackEstimator, 'high', 100_000), 64_000);
  });

  it('counts stored paths by kind, with either slash, and nothing else', () => {
    const paths = [
      'src/a.py',
      'src\\tests\\test_a.py',
      'README.md',
      'config/x.yaml',
      'ui/App.tsx',
      'a.test.ts',
    ];
    assert.deepEqual(storedDeliverableMix(JSON.stringify(paths)), {
      backend: 1,
      frontend: 1,
      test: 2,
      doc: 1,
      config: 1,
    });
    for (const odd of [null, '', 'src/a.py', '{}', '[]', '[1]', '["a.py", null]'])
      assert.equal(storedDeliverableMix(odd), null);
  });

  it('tells new files from modified ones by the prediction, where just one split gives it', () => {
    const mix = deliverableMix(['a.py', 'b.py', 'test_a.py']);
    const split = { created: { ...mix, backend: 1 }, modified: { ...deliverableMix([]), backend: 1 } };
    const predicted = predictTokens(autopackEstimator, low, split);
    assert.deepEqual(splitsByPrediction(autopackEstimator, low, mix).get(predicted), split);
    assert.equal(splitsByPrediction(autopackEstimator, low, mix).get(predicted + 1), undefined);
  });

  it('says nothing where two splits give the same prediction', () => {
    const alike = {
      ...autopackEstimator,
      marginalTokens: { ...autopackEstimator.marginalTokens, test: { new: 2000, modified: 700 } },
    };
    const mix = deliverableMix(['a.py', 'test_a.py']);
    const split = { created: { ...mix, test: 0 }, modified: { ...deliverableMix([]), test: 1 } };
    assert.equal(splitsByPrediction(alike, low, mix).get(predictTokens(alike, low, split)), null);
  });
});
