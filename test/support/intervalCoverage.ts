import { calibrationEvidence } from '../../src/core/telemetry/calibration/calibrationEvidence.ts';
import { phaseFactors, poolGroups } from '../../src/core/telemetry/calibration/poolGroups.ts';
import { autopackEstimator } from '../../src/core/telemetry/estimator/estimator.ts';
import { describeRatios } from '../../src/core/telemetry/evidence/describeRatios.ts';
import { evidenceSamples } from '../../src/core/telemetry/evidence/evidenceSamples.ts';
import type { OpenInterval } from '../../src/core/telemetry/statistics/interval.ts';
import { columnsOf, drawCalls, sixKinds, type World } from './calibrationSimulation.ts';

/** How often intervals of 95 % hold the truth, and how many there were. */
export interface Coverage {
  readonly share: number;
  readonly intervals: number;
}

/** The coverage of the intervals that reports show. */
export interface IntervalCoverage {
  /** The factor that would make the estimate of a kind unbiased. */
  readonly estimate: Coverage;
  /** P50, P90 and P95 of used / predicted. */
  readonly quantiles: readonly Coverage[];
  /** The curve of used / predicted where half, a quarter and a tenth of the calls are above. */
  readonly curve: readonly Coverage[];
}

const probabilities = [0.5, 0.9, 0.95];
const shares = [0.5, 0.25, 0.1];

/** Draws worlds that differ in their seed only, and holds the intervals against a very large one without cut-off calls. */
export function intervalCoverage(world: Omit<World, 'seed'>, repetitions: number): IntervalCoverage {
  const truth = trueRatios(world);
  const at = (share: number): number => truth[Math.floor(share * truth.length)] ?? NaN;
  const estimate = new Tally();
  const [quantiles, curve] = [probabilities.map(() => new Tally()), shares.map(() => new Tally())];
  for (let seed = 1; seed <= repetitions; seed += 1) {
    const samples = columnsOf(drawCalls({ ...world, seed: 31 * seed }));
    const evidence = calibrationEvidence(samples, autopackEstimator);
    const pooled = poolGroups(evidence.groups, phaseFactors(evidence));
    for (const [group, { category, complexity }] of evidence.groups.entries()) {
      const own = (world.kinds ?? sixKinds).find(
        (kind) => kind.category === category && kind.complexity === complexity,
      );
      if (own !== undefined && (evidence.fitted[group] ?? 0) >= 5)
        estimate.add(pooled[group]?.interval ?? null, own.factor);
    }
    const ratio = describeRatios(samples, evidenceSamples(samples));
    for (const [index, one] of (ratio?.quantiles ?? []).entries())
      quantiles[index]?.add(one.interval, at(probabilities[index] ?? NaN));
    for (const [index, share] of shares.entries()) {
      const step = ratio?.curve.findLast((one) => one.ratio <= at(1 - share));
      if (step !== undefined && step.interval.high > 0) curve[index]?.add(step.interval, share);
    }
  }
  return {
    estimate: estimate.coverage(),
    quantiles: quantiles.map((tally) => tally.coverage()),
    curve: curve.map((tally) => tally.coverage()),
  };
}

function trueRatios(world: Omit<World, 'seed'>): Float64Array {
  const many = columnsOf(drawCalls({ ...world, cutOff: 0, phases: 30_000, seed: 5 }));
  return Float64Array.from(many.actual, (actual, at) => actual / (many.predicted[at] ?? NaN)).sort();
}

class Tally {
  #held = 0;
  #all = 0;

  /** An open upper end holds all above. */
  add(interval: OpenInterval | null, truth: number): void {
    if (interval === null) return;
    this.#all += 1;
    this.#held += Number(interval.low <= truth && truth <= (interval.high ?? Infinity));
  }

  coverage(): Coverage {
    return { share: this.#held / this.#all, intervals: this.#all };
  }
}
