import { mean, median } from 'simple-statistics';
import { ClusteredValues, clusterStride } from '../evidence/clusteredValues.ts';
import { PhaseRateTally } from '../evidence/riskInterval.ts';
import { clusterBootstrap } from '../statistics/clusterBootstrap.ts';
import { shuffledRanks } from '../statistics/shuffledRanks.ts';
import type { Interval } from '../statistics/interval.ts';
import type { BeforeAfter, PredictionFigures } from './calibrationProposal.ts';

/** One clean sample under two sets of coefficients. Output tokens. */
export interface JudgedSample {
  readonly phase: number;
  readonly actual: number;
  readonly before: Judgement;
  readonly after: Judgement;
}

/** What one set of coefficients says of a sample. */
export interface Judgement {
  /** Before the safety factor. */
  readonly estimate: number;
  readonly predicted: number;
}

const repetitions = 500;

/** The figures of samples before and after; `null` without a sample. */
export function beforeAfter(samples: readonly JudgedSample[]): BeforeAfter | null {
  const before = figures(samples, 'before');
  const after = figures(samples, 'after');
  if (before === null || after === null) return null;
  return { before, after, errorChange: errorChange(samples) };
}

function figures(samples: readonly JudgedSample[], side: 'before' | 'after'): PredictionFigures | null {
  const tally = new PhaseRateTally(samples.reduce((most, { phase }) => Math.max(most, phase + 1), 0));
  for (const sample of samples) tally.add(sample.phase, sample.actual > sample[side].predicted);
  const underestimation = tally.risk();
  if (underestimation === null) return null;
  const waste = samples.map((sample) => sample[side].predicted / sample.actual);
  return {
    samples: samples.length,
    underestimation,
    wasteMedian: median(waste),
    wasteMean: mean(waste),
    errorMedianPct: median(samples.map((sample) => errorPct(sample, side))),
  };
}

function errorPct({ actual, ...sides }: JudgedSample, side: 'before' | 'after'): number {
  return (100 * Math.abs(sides[side].estimate - actual)) / actual;
}

function errorChange(samples: readonly JudgedSample[]): Interval | null {
  const numbers = new Map<number, number>();
  for (const { phase } of samples) if (!numbers.has(phase)) numbers.set(phase, numbers.size);
  const stride = clusterStride(samples.length, numbers.size);
  const ranks = shuffledRanks(numbers.size);
  const clusterOf = ({ phase }: JudgedSample): number => (ranks[numbers.get(phase) ?? 0] ?? 0) / stride;
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
