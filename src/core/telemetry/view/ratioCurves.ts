import type { ClusteredColumn } from '../statistics/clusteredSurvival.ts';
import { drawnSurvival, largestByKind, unresolvedFrom } from '../statistics/drawnSurvival.ts';
import type { OpenInterval } from '../statistics/interval.ts';
import { plainQuantile } from '../statistics/survivalQuantiles.ts';
import type { RankedRatios, SampleRatios } from './sampleRatios.ts';

/** Which share of the calls (0 to 1) needs at most `ratio` times its prediction. */
export interface RatioStep {
  readonly ratio: number;
  readonly share: number;
}

/** The same with its 95 % interval, over whole phases. */
export interface CensoredStep extends RatioStep {
  readonly low: number;
  readonly high: number;
}

/** One quantile of actual / predicted: of the clean samples alone, and with truncated ones as lower bounds. */
export interface CurveQuantile {
  readonly probability: number;
  readonly plain: number;
  /** `null` where so many were truncated that the curve never gets there. */
  readonly censored: number | null;
  /** 95 % of `censored`, over whole phases; `null` where these are too few. */
  readonly interval: OpenInterval | null;
}

/** The distribution of actual / predicted, drawn two ways so that the bias of leaving truncated samples out is seen. */
export interface RatioCurves {
  readonly clean: number;
  readonly truncated: number;
  /** Of the clean samples alone; an even selection of many. */
  readonly plain: readonly RatioStep[];
  /** Kaplan-Meier: truncated samples need at least what they reached. */
  readonly censored: readonly CensoredStep[];
  /** What truncated samples reached, ascending; an even selection of many. */
  readonly cutOff: readonly number[];
  readonly quantiles: readonly CurveQuantile[];
}

const probabilities = [0.5, 0.9, 0.95] as const;
/** More than this cannot be told apart on a screen. */
const mostSteps = 200;
const mostCutOff = 60;

/** The curves of the samples that `wanted` picks; `null` without a clean one. */
export function ratioCurves(
  { clean, truncated, phase, kind }: SampleRatios,
  wanted: (at: number) => boolean,
): RatioCurves | null {
  const [ofKnown, ofCut] = [ratiosOf(clean, phase, kind, wanted), ratiosOf(truncated, phase, kind, wanted)];
  const [known, cutOff] = [ofKnown.values, ofCut.values];
  if (known.length === 0) return null;
  const unresolved =
    cutOff.length === 0
      ? undefined
      : unresolvedFrom(cutOff, ofCut.kinds, largestByKind(known, ofKnown.kinds));
  const { steps, quantiles, intervals } = drawnSurvival(ofKnown, ofCut, probabilities, unresolved);
  return {
    clean: known.length,
    truncated: cutOff.length,
    plain: evenRanks(known.length, mostSteps).map((rank) => ({
      ratio: known[rank] ?? NaN,
      share: (rank + 1) / known.length,
    })),
    censored: steps.map(({ value, survival, interval }) => ({
      ratio: value,
      share: 1 - survival,
      low: 1 - interval.high,
      high: 1 - interval.low,
    })),
    cutOff: evenRanks(cutOff.length, mostCutOff).map((rank) => cutOff[rank] ?? NaN),
    quantiles: probabilities.map((probability, index) => ({
      probability,
      plain: plainQuantile(known, probability),
      censored: quantiles[index] ?? null,
      interval: intervals[index] ?? null,
    })),
  };
}

function ratiosOf(
  { order, ratio }: RankedRatios,
  phase: Uint32Array,
  kind: Uint32Array,
  wanted: (at: number) => boolean,
): ClusteredColumn & { readonly kinds: Uint32Array } {
  const [values, clusters] = [new Float64Array(order.length), new Uint32Array(order.length)];
  const kinds = new Uint32Array(order.length);
  let count = 0;
  for (let rank = 0; rank < order.length; rank += 1) {
    const at = order[rank] ?? 0;
    if (!wanted(at)) continue;
    values[count] = ratio[rank] ?? NaN;
    clusters[count] = phase[at] ?? 0;
    kinds[count] = kind[at] ?? 0;
    count += 1;
  }
  return {
    values: values.subarray(0, count),
    clusters: clusters.subarray(0, count),
    kinds: kinds.subarray(0, count),
  };
}

/** Ranks at equal distances, at most `most`; the last one is always among them. */
function evenRanks(length: number, most: number): number[] {
  const count = Math.min(length, most);
  return Array.from({ length: count }, (_, index) => Math.ceil(((index + 1) * length) / count) - 1);
}
