import { mean, median } from 'simple-statistics';
import { outputPrice, type PriceList } from '../../model/prices.ts';
import type { RiskInterval } from '../evidence/riskInterval.ts';
import { clusterBootstrap } from '../statistics/clusterBootstrap.ts';
import { wilsonInterval, type Interval } from '../statistics/interval.ts';
import { plainQuantile } from '../statistics/survival.ts';
import type { CalibrationEvidence, CalibrationRows } from './calibrationEvidence.ts';
import type { BeforeAfter, PredictionFigures } from './calibrationProposal.ts';
import type { CalibrationStep } from './calibrationStep.ts';

/** One sample under two sets of coefficients. Output tokens. */
export interface JudgedSample {
  readonly group: number;
  readonly phase: number;
  readonly actual: number;
  /** US dollars for a token of its model's output; NaN where none is known. */
  readonly price: number;
  /** Cut off: it counts as underestimated whatever is predicted, and in no other figure. */
  readonly cutOff: boolean;
  readonly before: Judgement;
  readonly after: Judgement;
}

/** What one set of coefficients says of a sample. */
export interface Judgement {
  /** Before the safety factor. */
  readonly estimate: number;
  readonly predicted: number;
}

type Side = 'before' | 'after';

const repetitions = 500;
/** More samples than this tell no more: an even selection of their phases is judged. */
const mostSamples = 50_000;

/**
 * The samples under the coefficients in use and under those that would be proposed without their own phase, with the
 * safety factor that is proposed: what is judged is what is stated.
 */
export function judgeSamples(
  { clean, truncated, estimator, samples, phases }: CalibrationEvidence,
  renewed: CalibrationStep['estimate'],
  factor: number,
  prices: readonly PriceList[],
): readonly JudgedSample[] {
  const priceOf = samples.models.map((model) => (outputPrice(prices, model) ?? NaN) / 1e6);
  const stride = Math.ceil(clean.at.length / mostSamples);
  const judge = (rows: CalibrationRows, cutOff: boolean): JudgedSample[] => {
    const judged: JudgedSample[] = [];
    for (const [row, phase] of rows.phase.entries()) {
      if ((phases.rank[phase] ?? 0) % stride !== 0) continue;
      const estimate = rows.estimate[row] ?? NaN;
      const known = (rows.pattern[row] ?? -1) >= 0;
      const recorded = samples.predicted[rows.at[row] ?? 0] ?? NaN;
      const after = cutOff ? NaN : renewed(rows, row);
      judged.push({
        group: rows.group[row] ?? 0,
        phase,
        actual: rows.actual[row] ?? NaN,
        price: priceOf[samples.model[rows.at[row] ?? 0] ?? 0] ?? NaN,
        cutOff,
        before: { estimate, predicted: known ? Math.floor(estimator.safetyFactor * estimate) : recorded },
        after: { estimate: after, predicted: Math.floor(factor * after) },
      });
    }
    return judged;
  };
  return [...judge(clean, false), ...judge(truncated, true)];
}

/** The figures of samples before and after; `null` without one that was not cut off. */
export function beforeAfter(samples: readonly JudgedSample[]): BeforeAfter | null {
  const before = figures(samples, 'before');
  const after = figures(samples, 'after');
  if (before === null || after === null) return null;
  return { before, after, errorChange: errorChange(samples.filter(({ cutOff }) => !cutOff)) };
}

function figures(samples: readonly JudgedSample[], side: Side): PredictionFigures | null {
  const known = samples.filter(({ cutOff }) => !cutOff);
  if (known.length === 0) return null;
  const waste = Float64Array.from(known, (sample) => sample[side].predicted / sample.actual).sort();
  return {
    samples: known.length,
    underestimation: underestimatedPhases(samples, side),
    tokensPerPhase: meanOfPhases(known, (sample) => sample[side].predicted),
    outputCostPerPhase: known.some(({ price }) => Number.isNaN(price))
      ? null
      : meanOfPhases(known, (sample) => sample.price * sample[side].predicted),
    wasteMedian: plainQuantile(waste, 0.5),
    wasteP90: plainQuantile(waste, 0.9),
    // The library only indexes.
    wasteMean: mean(waste as unknown as number[]),
    errorMedianPct: median(known.map((sample) => errorPct(sample, side))),
  };
}

/** The mean over phases of the mean of their calls. */
function meanOfPhases(samples: readonly JudgedSample[], valueOf: (sample: JudgedSample) => number): number {
  const phases = new Map<number, { sum: number; count: number }>();
  for (const sample of samples) {
    const tally = phases.get(sample.phase) ?? { sum: 0, count: 0 };
    tally.sum += valueOf(sample);
    tally.count += 1;
    phases.set(sample.phase, tally);
  }
  return mean(Array.from(phases.values(), ({ sum, count }) => sum / count));
}

/** A phase is underestimated where any of its calls is. */
function underestimatedPhases(samples: readonly JudgedSample[], side: Side): RiskInterval {
  const phases = new Map<number, boolean>();
  for (const sample of samples) {
    const isUnder = sample.cutOff || sample.actual > sample[side].predicted;
    phases.set(sample.phase, isUnder || phases.get(sample.phase) === true);
  }
  const count = [...phases.values()].filter(Boolean).length;
  const { low, high } = wilsonInterval(count, phases.size);
  return {
    count,
    samples: phases.size,
    ratePct: (100 * count) / phases.size,
    interval: { low: 100 * low, high: 100 * high },
  };
}

function errorPct({ actual, ...sides }: JudgedSample, side: Side): number {
  return (100 * Math.abs(sides[side].estimate - actual)) / actual;
}

function errorChange(samples: readonly JudgedSample[]): Interval | null {
  const numbers = new Map<number, number>();
  for (const { phase } of samples) if (!numbers.has(phase)) numbers.set(phase, numbers.size);
  const stride = clusterStride(samples.length, numbers.size);
  const clusterOf = ({ phase }: JudgedSample): number => (numbers.get(phase) ?? 0) / stride;
  const chosen = samples.filter((sample) => Number.isInteger(clusterOf(sample)));
  const clusters = Uint32Array.from(chosen, clusterOf);
  const [before, after] = (['before', 'after'] as const).map(
    (side) =>
      new ClusteredValues(
        Float64Array.from(chosen, (sample) => errorPct(sample, side)),
        clusters,
      ),
  ) as [ClusteredValues, ClusteredValues];
  const change = (drawn: Uint32Array): number[] => {
    const [from = NaN] = before.quantiles(drawn, [0.5]);
    const [to = NaN] = after.quantiles(drawn, [0.5]);
    return [to - from];
  };
  return clusterBootstrap(Math.ceil(numbers.size / stride), change, { repetitions })[0] ?? null;
}

/** More values than this only cost time: of more, an even selection in order of size is kept. */
const mostValues = 5000;
/** Fewer clusters than this are never thinned out. */
const leastClusters = 1000;

/**
 * Which clusters to resample where there are very many samples: every n-th. That only makes intervals wider.
 */
function clusterStride(samples: number, clusters: number): number {
  return Math.max(1, Math.min(Math.ceil(samples / mostValues), Math.floor(clusters / leastClusters)));
}

/** Values, each of a cluster (a phase, by number from 0), whose quantiles are asked for again and again as clusters are redrawn. */
class ClusteredValues {
  readonly #values: Float64Array;
  readonly #clusters: Uint32Array;
  /** How many values each cluster has. */
  readonly #sizes: Uint32Array;

  /** Both columns are equally long, in any order. */
  constructor(values: Float64Array, clusters: Uint32Array) {
    const order = Uint32Array.from(values, (_, index) => index).sort(
      (a, b) => (values[a] ?? NaN) - (values[b] ?? NaN),
    );
    const every = Math.max(1, Math.floor(values.length / mostValues));
    const kept = every === 1 ? order : order.filter((_, rank) => rank % every === every >> 1);
    this.#values = Float64Array.from(kept, (index) => values[index] ?? NaN);
    this.#clusters = Uint32Array.from(kept, (index) => clusters[index] ?? 0);
    this.#sizes = new Uint32Array(this.#clusters.reduce((most, cluster) => Math.max(most, cluster + 1), 0));
    for (const cluster of this.#clusters) this.#sizes[cluster] = (this.#sizes[cluster] ?? 0) + 1;
  }

  /**
   * For each of `probabilities` (ascending), the smallest value that this share does not exceed, with each cluster as
   * often as it was drawn; NaN where none was.
   */
  quantiles(drawn: Uint32Array, probabilities: readonly number[]): number[] {
    let total = 0;
    for (let at = 0; at < this.#sizes.length; at += 1) total += (drawn[at] ?? 0) * (this.#sizes[at] ?? 0);
    const found: number[] = [];
    let sum = 0;
    for (let at = 0; at < this.#clusters.length && found.length < probabilities.length; at += 1) {
      sum += drawn[this.#clusters[at] ?? 0] ?? 0;
      while (sum > 0 && sum >= (probabilities[found.length] ?? Infinity) * total) {
        found.push(this.#values[at] ?? NaN);
      }
    }
    return probabilities.map((_, index) => found[index] ?? NaN);
  }
}
