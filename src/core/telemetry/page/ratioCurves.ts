import { describeSorted, type RatioDistribution } from '../evidence/describeRatios.ts';
import { evidenceSamples, groupOf } from '../evidence/evidenceSamples.ts';
import { gather } from '../samples/columns.ts';
import type { TelemetrySamples } from '../samples/telemetrySamples.ts';
import { largestByKind, unresolvedFrom } from '../statistics/drawnSurvival.ts';
import { sortWithLabels } from '../statistics/radixSort.ts';
import type { ClusteredColumn } from '../statistics/survival.ts';

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

/** The distribution of actual / predicted, drawn two ways so that the bias of leaving truncated samples out is seen. */
export interface RatioCurves extends Pick<RatioDistribution, 'truncated' | 'quantiles' | 'largest'> {
  readonly clean: number;
  /** Of the clean samples alone; an even selection of many. */
  readonly plain: readonly RatioStep[];
  /** Kaplan-Meier: truncated samples need at least what they reached. */
  readonly censored: readonly CensoredStep[];
  /** What truncated samples reached, ascending; an even selection of many. */
  readonly cutOff: readonly number[];
}

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
  const unresolved =
    cutOff.length === 0 ? cutOff : unresolvedFrom(cutOff, ofCut.kinds, largestByKind(known, ofKnown.kinds));
  const described = describeSorted({ known: ofKnown, censored: ofCut, unresolved });
  if (described === null) return null;
  const { quantiles, largest, curve } = described;
  return {
    clean: known.length,
    truncated: cutOff.length,
    quantiles,
    largest,
    plain: evenRanks(known.length, mostSteps).map((rank) => ({
      ratio: known[rank] ?? NaN,
      share: (rank + 1) / known.length,
    })),
    censored: curve.map(({ ratio, exceeding, interval }) => ({
      ratio,
      share: 1 - exceeding,
      low: 1 - interval.high,
      high: 1 - interval.low,
    })),
    cutOff: evenRanks(cutOff.length, mostCutOff).map((rank) => cutOff[rank] ?? NaN),
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

/** What every view computes anew from the same numbers, computed once; columns are as long as the samples. */
export interface SampleRatios {
  /** actual / predicted, NaN where one is not positive. */
  readonly ratio: Float64Array;
  /** The natural logarithms of predicted and actual. */
  readonly logPredicted: Float32Array;
  readonly logActual: Float32Array;
  /** The phase of each sample, by number. */
  readonly phase: Uint32Array;
  /** The kind of phase of each sample, by number. */
  readonly kind: Uint32Array;
  /** The samples that count: clean ones, and truncated ones as lower bounds. */
  readonly clean: RankedRatios;
  readonly truncated: RankedRatios;
}

/** Samples by rising ratio: their indices and, in the same order, their ratios. */
interface RankedRatios {
  readonly order: Uint32Array;
  readonly ratio: Float64Array;
}

/** The ratios of samples, and the order of those that count. */
export function sampleRatios(samples: TelemetrySamples): SampleRatios {
  const { count, predicted, actual } = samples;
  const ratio = new Float64Array(count);
  const [logPredicted, logActual] = [new Float32Array(count), new Float32Array(count)];
  for (let at = 0; at < count; at += 1) {
    const [guess = NaN, used = NaN] = [predicted[at], actual[at]];
    ratio[at] = guess > 0 && used > 0 ? used / guess : NaN;
    logPredicted[at] = Math.log(guess);
    logActual[at] = Math.log(used);
  }
  const { clean, truncated } = evidenceSamples(samples);
  const kind = new Uint32Array(count).map((_, at) => groupOf(samples, at));
  return {
    phase: samples.phase,
    kind,
    ratio,
    logPredicted,
    logActual,
    clean: ranked(clean, ratio),
    truncated: ranked(truncated, ratio),
  };
}

function ranked(indices: Uint32Array, ratio: Float64Array): RankedRatios {
  const { values, labels } = sortWithLabels(gather(ratio, indices), indices);
  return { order: labels, ratio: values };
}
