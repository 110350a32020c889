import assert from 'node:assert/strict';
import {
  conditionsOf,
  noFilter,
  sampleTest,
  type TelemetryFilter,
} from '../../../../../src/core/telemetry/page/telemetryFilter.ts';
import { telemetryFacets } from '../../../../../src/core/telemetry/page/telemetryFacets.ts';
import { sample, samplesOf } from '../sampleFixtures.ts';

const day = Date.UTC(2025, 11, 24);
const samples = samplesOf(
  sample({ timestamp: day, predicted: 100 }),
  sample({ timestamp: day + 1, category: 'documentation', model: 'opus', actual: 2000 }),
  sample({ timestamp: day + 2, complexity: 'HIGH', truncated: true }),
  sample({ runId: 'Telemetry-Collection', success: false }),
);

function left(filter: Partial<TelemetryFilter>): number[] {
  const passes = sampleTest(samples, { ...noFilter, ...filter });
  return Array.from({ length: samples.count }, (_, at) => at).filter(passes);
}

describe('filter of telemetry', () => {
  it('leaves everything where nothing is chosen', () => {
    assert.deepEqual(left({}), [0, 1, 2, 3]);
    assert.equal(conditionsOf(noFilter), 0);
  });

  it('goes by names, any of a list, under the names that the page shows', () => {
    assert.deepEqual(left({ categories: ['docs'] }), [1]);
    assert.deepEqual(left({ models: ['opus', 'some-model'] }), [0, 1, 2, 3]);
    assert.deepEqual(left({ complexities: ['high'] }), [2]);
    assert.deepEqual(left({ qualities: ['truncated', 'failed'] }), [2, 3]);
    assert.deepEqual(left({ models: ['never seen'] }), []);
  });

  it('goes by the reasons of suspect samples, any of a list', () => {
    const odd = samplesOf(
      sample({ hasStopReason: false }),
      sample({ actual: 0, hasStopReason: false }),
      sample({ success: false, hasStopReason: false }),
      sample(),
    );
    const found = (...reasons: TelemetryFilter['reasons']): number[] => {
      const passes = sampleTest(odd, { ...noFilter, reasons });
      return [0, 1, 2, 3].filter(passes);
    };
    assert.deepEqual(found('no-stop-reason'), [0, 1], 'a failed one is no suspect');
    assert.deepEqual(found('not-positive', 'duplicate'), [1]);
    assert.deepEqual(found('duplicate'), []);
  });

  it('finds runs by part of their id, in either case', () => {
    assert.deepEqual(left({ run: ' telemetry-' }), [3]);
    assert.deepEqual(left({ run: 'RUN' }), [0, 1, 2]);
  });

  it('takes a period from its first moment to before its last, and nothing that tells no time', () => {
    assert.deepEqual(left({ from: day + 1 }), [1, 2]);
    assert.deepEqual(left({ until: day + 2 }), [0, 1]);
  });

  it('takes a region with its edges', () => {
    assert.deepEqual(left({ predicted: { from: 0, to: 100 } }), [0]);
    assert.deepEqual(left({ actual: { from: 2000, to: 2000 } }), [1]);
  });

  it('wants all conditions met, and counts them', () => {
    const filter = { run: 'run', qualities: ['clean'], from: day, until: day + 2 } as const;
    assert.deepEqual(left(filter), [0, 1]);
    assert.equal(conditionsOf({ ...noFilter, ...filter }), 3);
  });
});

describe('what there is to filter by', () => {
  it('is counted over all samples', () => {
    const facets = telemetryFacets(samples);
    assert.deepEqual(facets.runs, [
      { name: 'run', samples: 3 },
      { name: 'Telemetry-Collection', samples: 1 },
    ]);
    assert.deepEqual(facets.categories, [
      { name: 'docs', samples: 1 },
      { name: 'implementation', samples: 3 },
    ]);
    assert.deepEqual(
      facets.qualities.map(({ name }) => name),
      ['clean', 'truncated', 'failed'],
    );
    assert.deepEqual(facets.period, { first: day, last: day + 2 });
  });

  it('has no period where no sample tells its time', () => {
    assert.equal(telemetryFacets(samplesOf(sample())).period, null);
  });
});
