import assert from 'node:assert/strict';
import {
  compareComplexity,
  deliverableBucket,
  normaliseCategory,
  normaliseComplexity,
} from '../../../../src/core/model/sampleKind.ts';

describe('sample kind', () => {
  it('knows one category under its many names', () => {
    const names = ['documentation', 'doc', 'doc_write', 'DOCS', 'testing', 'IMPLEMENT_FEATURE', ' Backend '];
    assert.deepEqual(names.map(normaliseCategory), [
      'docs',
      'docs',
      'docs',
      'docs',
      'tests',
      'implementation',
      'backend',
    ]);
  });

  it('names what is missing', () => {
    assert.equal(normaliseCategory(null), 'unknown');
    assert.equal(normaliseComplexity('  '), 'unknown');
  });

  it('puts deliverable counts into the buckets 1, 2-5 and 6+', () => {
    assert.deepEqual([0, 1, 2, 5, 6, 40].map(deliverableBucket), ['1', '1', '2-5', '2-5', '6+', '6+']);
  });

  it('orders complexities by size, unknown ones last', () => {
    assert.deepEqual(['maintenance', 'high', 'low', 'extreme', 'medium'].sort(compareComplexity), [
      'low',
      'medium',
      'high',
      'extreme',
      'maintenance',
    ]);
  });
});
