import assert from 'node:assert/strict';
import {
  describeFilter,
  filterLine,
  noFilter,
} from '../../../../../src/core/telemetry/page/telemetryFilter.ts';

describe('filter in words', () => {
  it('says nothing of what it does not restrict', () => {
    assert.deepEqual(describeFilter({ ...noFilter, run: '  ' }), []);
    assert.equal(filterLine(noFilter), '');
  });

  it('names every kind of condition, with days as days and other moments to the second', () => {
    const filter = {
      run: 'collection',
      models: ['a', 'b'],
      categories: ['docs'],
      complexities: ['low'],
      qualities: ['suspect'],
      reasons: ['duplicate'],
      from: Date.UTC(2025, 11, 24),
      until: Date.UTC(2025, 11, 25, 6, 30),
      predicted: { from: 1000, to: 2000 },
      actual: { from: 5000, to: 1e9 },
    } as const;
    const words = describeFilter(filter).map((condition) => `${condition.name}: ${condition.words}`);
    assert.equal(
      words.join('; '),
      'run: its id contains "collection"; model: a or b; category: docs; complexity: low; quality: suspect; ' +
        'suspect for: duplicate; time: from 2025-12-24, before 2025-12-25T06:30:00 (UTC); ' +
        'predicted: 1,000 to 2,000 tokens; actual: at least 5,000 tokens',
    );
    const period = { from: new Date(2025, 11, 24).getTime(), until: null };
    assert.equal(
      filterLine({ ...noFilter, ...period }),
      'time: from 2025-12-24 00:00',
      'local on the screen',
    );
    assert.equal(filterLine({ ...noFilter, actual: { from: 0, to: 9 } }), 'actual: at most 9 tokens');
  });
});
