import assert from 'node:assert/strict';
import { telemetryEvidence } from '../../src/core/telemetry/evidence/telemetryEvidence.ts';
import { simulate, type Summary, sixKinds, type World } from '../support/calibrationSimulation.ts';
import { type Coverage, intervalCoverage } from '../support/intervalCoverage.ts';
import { seededKinds, simulatedSamples } from '../unit/core/telemetry/calibration/simulatedSamples.ts';

/** More repetitions make every figure surer; `REPETITIONS=200` for those in `test/bench/README.md`. */
const repetitions = Number(process.env.REPETITIONS ?? 60);
const percent = (share: number): string => (Number.isNaN(share) ? '–' : `${(100 * share).toFixed(1)} %`);
const times = (ratio: number): string => (Number.isNaN(ratio) ? '–' : ratio.toFixed(2));
const line = (...cells: readonly string[]): void => console.log(`| ${cells.join(' | ')} |`);

/** What is simulated, and what must hold of it. Bounds leave room for chance in so few repetitions. */
const worlds: readonly (readonly [string, Omit<World, 'seed'>, (found: Summary) => boolean])[] = [
  ['20 calls', { calls: 20 }, ({ proposed }) => proposed < 0.1],
  // Kinds that are too small to judge hold nearly all of these back.
  ['40 calls', { calls: 40 }, ({ proposed }) => proposed < 0.05],
  [
    '100 calls',
    { calls: 100 },
    ({ exceedingBound, worstKind }) => exceedingBound <= 0.06 && worstKind <= 0.08,
  ],
  [
    '200 calls',
    { calls: 200 },
    ({ exceedingBound, worstKind }) => exceedingBound <= 0.06 && worstKind <= 0.08,
  ],
  ['400 calls', { calls: 400 }, ({ exceedingBound, proposed }) => exceedingBound <= 0.06 && proposed >= 0.93],
  [
    '99 phases',
    { phases: 99 },
    ({ factorSpread, neededSpread }) => factorSpread <= 0.1 && neededSpread <= 0.1,
  ],
  ['100 phases', { phases: 100 }, ({ factorSpread, wasteMean }) => factorSpread <= 0.1 && wasteMean <= 2.45],
  ['400 phases', { phases: 400 }, ({ proposed, worstKind }) => proposed >= 0.93 && worstKind <= 0.08],
  ...[0.01, 0.04, 0.08, 0.12, 0.15].flatMap((cutOff) =>
    [100, 200].map(
      (phases) =>
        [
          `${100 * cutOff} % cut off, ${phases} phases`,
          { phases, cutOff },
          // Of hardly any proposals an average says nothing.
          ({ exceeding, proposed }: Summary) => proposed < 0.05 || exceeding <= 0.065,
        ] as const,
    ),
  ),
  [
    'heavy tails: one phase in ten x 3',
    { phases: 200, tail: 3 },
    ({ bounded, exceedingBound }) => bounded < 0.05 || exceedingBound <= 0.07,
  ],
  ['shift x 1.8 halfway', { phases: 200, shift: 1.8 }, ({ proposed }) => proposed <= 0.05],
  [
    'two models, mixed, one x 2',
    { phases: 200, models: { factor: 2, confounded: false } },
    ({ proposed }) => proposed <= 0.05,
  ],
  [
    'two models, one for each kind',
    { phases: 200, models: { factor: 2, confounded: true } },
    ({ proposed }) => proposed === 0,
  ],
  ['tiny groups: 24 phases', { phases: 24 }, ({ proposed }) => proposed < 0.05],
  ['one group', { phases: 200, kinds: sixKinds.slice(0, 1) }, ({ proposed }) => proposed === 0],
];

describe('calibration, by simulation with known truth', function () {
  this.timeout(3_600_000);

  before(() => {
    line(
      'world',
      'proposed',
      'with a bound',
      'exceeding, promised 5 %',
      'of all proposals',
      'worst kind',
      'waste, mean',
      'waste, median',
      'spread of the factor',
      'of predictions',
      'held back by',
    );
  });

  for (const [name, world, holds] of worlds) {
    it(name, () => {
      const found = simulate(world, repetitions);
      const gates = Object.entries(found.heldBackBy).map(([gate, share]) => `${gate} ${percent(share)}`);
      const { proposed, bounded, exceedingBound, exceeding, worstKind, wasteMean, wasteMedian } = found;
      const rates = [proposed, bounded, exceedingBound, exceeding, worstKind].map(percent);
      const spreads = [found.factorSpread, found.neededSpread].map((spread) =>
        Number.isNaN(spread) ? '–' : spread.toFixed(3),
      );
      line(name, ...rates, times(wasteMean), times(wasteMedian), ...spreads, gates.join(', '));
      assert.ok(holds(found), JSON.stringify(found));
    });
  }
});

describe('intervals of 95 %, by simulation with known truth', function () {
  this.timeout(3_600_000);
  const words = ({ share, intervals }: Coverage): string =>
    intervals === 0 ? 'none' : `${percent(share)} (${intervals})`;

  before(() => {
    line('world', 'estimate of a kind', 'P50', 'P90', 'P95', 'curve at 50 %', 'at 25 %', 'at 10 %');
  });

  for (const cutOff of [0, 0.01, 0.04, 0.08, 0.12, 0.15]) {
    for (const phases of [20, 50, 100, 200]) {
      it(`${phases} phases, ${100 * cutOff} % cut off`, () => {
        const { estimate, quantiles, curve } = intervalCoverage({ phases, cutOff }, 4 * repetitions);
        line(`${phases} phases, ${100 * cutOff} %`, ...[estimate, ...quantiles, ...curve].map(words));
        assert.ok(estimate.share > 0.925, `${estimate.share}`);
        // Chance moves the share of so few repetitions by about 1.5 points.
        for (const { share, intervals } of [...quantiles, ...curve])
          assert.ok(intervals === 0 || share > 0.9, `${share} of ${intervals}`);
        assert.ok((quantiles[0]?.share ?? 0) > 0.92, `${quantiles[0]?.share}`);
        if (phases < 72) assert.equal(quantiles[2]?.intervals, 0);
      });
    }
  }
});

describe('alarms of drift, by simulation with known truth', function () {
  this.timeout(3_600_000);

  for (const phases of [60, 200, 800]) {
    it(`are few where nothing changes: ${phases} phases`, () => {
      let alarms = 0;
      for (let seed = 1; seed <= 5 * repetitions; seed += 1) {
        const samples = simulatedSamples({ kinds: seededKinds, phases, seed });
        if (telemetryEvidence(samples)?.drift.alarm !== null) alarms += 1;
      }
      line(`${phases} phases`, percent(alarms / (5 * repetitions)));
      // Promised are about 5 %, more where Autopack itself is estimated from few.
      assert.ok(alarms / (5 * repetitions) <= 0.1, `${alarms}`);
    });
  }
});
