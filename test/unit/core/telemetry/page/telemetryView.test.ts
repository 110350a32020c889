import assert from 'node:assert/strict';
import { viewOf } from '../../../../support/telemetryPage/viewOf.ts';
import { sample, samplesOf } from '../sampleFixtures.ts';

describe('telemetry view', () => {
  it('names the phase, category and worth of each point', () => {
    const view = viewOf(
      samplesOf(
        sample({ category: 'testing' }),
        sample({ category: 'docs', runId: 'gone', model: 'recorded-example' }),
      ),
    );
    assert.deepEqual(view.categories, ['docs', 'tests']);
    const [first, second] = view.points;
    assert.deepEqual(
      [first?.category, first?.known, first?.quality, first?.runId],
      [1, true, 'clean', 'run'],
    );
    assert.deepEqual(
      [second?.category, second?.known, second?.quality, second?.runId],
      [0, false, 'synthetic', 'gone'],
    );
  });

  it('draws only what is analysed and has a place on logarithmic axes', () => {
    const list = [
      sample({ actual: 0 }),
      sample({ predicted: NaN }),
      sample({ success: false }),
      sample({ actual: 7 }),
    ];
    const view = viewOf(samplesOf(...list));
    assert.deepEqual(
      view.points.map(({ actual }) => actual),
      [7],
    );
    assert.equal(view.drawable, 1);
    assert.equal(view.density, null);
  });

  it('counts many samples by place, and draws those that lie apart and those furthest off', () => {
    const crowd = Array.from({ length: 500 }, (_, index) => sample({ actual: 800 + (index % 3) }));
    const view = viewOf(samplesOf(...crowd, sample({ actual: 90_000 })), {}, {}, 100);
    const drawn = view.points.map(({ actual }) => actual).sort((a, b) => a - b);
    assert.deepEqual(drawn, [...Array<number>(10).fill(800), ...Array<number>(9).fill(802), 90_000]);
    assert.equal(view.drawable, 501);
    assert.deepEqual([...(view.density?.counts ?? [])].sort(), [1, 500]);
  });

  it('draws an even selection where too many lie apart, the same each time', () => {
    const scattered = Array.from({ length: 40 }, (_, at) =>
      sample({ predicted: 100 * 1.3 ** at, actual: 100 * 1.3 ** (39 - at) }),
    );
    const view = viewOf(samplesOf(...scattered), {}, {}, 10);
    assert.equal(view.points.length, 10);
    assert.deepEqual(viewOf(samplesOf(...scattered), {}, {}, 10), view);
  });

  it('tells why a suspect point is so, and lists all that are suspect, with or without a place on the axes', () => {
    const list = [
      sample({ success: false, hasStopReason: false }),
      sample({ hasStopReason: false }),
      sample({ actual: -5, runId: 'gone', timestamp: 3 }),
      sample(),
    ];
    const view = viewOf(samplesOf(...list));
    assert.deepEqual(
      view.points.map(({ reasons }) => reasons),
      [['no-stop-reason'], []],
    );
    assert.deepEqual(
      view.suspects.map(({ runId, known, actual, timestamp, reasons }) => [
        runId,
        known,
        actual,
        timestamp,
        reasons,
      ]),
      [
        ['run', true, 800, null, ['no-stop-reason']],
        ['gone', false, -5, 3, ['not-positive']],
      ],
    );
    assert.deepEqual(view.facets.reasons, [
      { name: 'no-stop-reason', samples: 1 },
      { name: 'not-positive', samples: 1 },
    ]);
    const narrowed = viewOf(samplesOf(...list), {}, { reasons: ['not-positive'] });
    assert.deepEqual([narrowed.suspects.length, narrowed.selected.samples], [1, 1]);
    assert.deepEqual(narrowed.facets, view.facets, 'what there is to filter by stays');
  });

  it('figures the filtered samples, and judges the gates by all', () => {
    const list = [
      sample(),
      sample({ category: 'docs', actual: 1500 }),
      sample({ category: 'docs', success: false }),
    ];
    const view = viewOf(samplesOf(...list), {}, { categories: ['docs'] });
    assert.deepEqual([view.analysis.samples, view.analysis.tier1.underestimationRatePct], [3, 50]);
    assert.deepEqual([view.selected.samples, view.selected.analysed], [2, 1]);
    assert.deepEqual(
      [view.selected.tier1.underestimationRatePct, view.selected.tier1.successRatePct],
      [100, 50],
    );
    assert.deepEqual(
      view.selected.groups.map(({ category }) => category),
      ['docs'],
    );
    assert.equal(view.selected.quality.failed, 1);
    assert.equal(view.points.length, 1);
  });

  it('names the limits that many samples share', () => {
    const list = [
      ...Array.from({ length: 18 }, () => sample({ limit: 8192 })),
      ...Array.from({ length: 9 }, () => sample({ limit: 16_384 })),
      sample({ limit: 1234 }),
      sample(),
    ];
    assert.deepEqual(viewOf(samplesOf(...list)).limits, [
      { tokens: 8192, samples: 18 },
      { tokens: 16_384, samples: 9 },
    ]);
  });

  it('tells how sure the gates are, by the real samples, and is less sure where they repeat one phase', () => {
    const tenth = (at: number) => sample({ actual: at % 10 === 0 ? 1500 : 800 });
    const repeats = viewOf(samplesOf(...Array.from({ length: 40 }, (_, at) => tenth(at))));
    const apart = viewOf(
      samplesOf(...Array.from({ length: 40 }, (_, at) => ({ ...tenth(at), phaseId: `phase-${at}` }))),
    );
    // Wilson's interval of 4 of 40, as R's prop.test(4, 40, correct = FALSE) has it.
    const { low = NaN, high = NaN } = apart.intervals.underestimation ?? {};
    assert.deepEqual([low.toFixed(2), high.toFixed(2)], ['3.96', '23.05']);
    const { low: least = NaN, high: most = NaN } = repeats.intervals.underestimation ?? {};
    assert.ok(most - least > high - low);
    assert.deepEqual(viewOf(samplesOf(sample({ model: 'recorded-example' }))).intervals, {});
  });
});
