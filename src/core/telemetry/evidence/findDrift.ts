import { mean, sampleStandardDeviation } from 'simple-statistics';
import { cusum, cusumDesign } from '../statistics/cusum.ts';
import { holmCorrection, rankSumTest } from '../statistics/rankSum.ts';
import { gather } from '../gather.ts';
import { indicesByTime } from '../indicesByTime.ts';
import { type LabelledNumbers, sortWithLabels } from '../statistics/radixSort.ts';
import { plainQuantile } from '../statistics/survivalQuantiles.ts';
import type { TelemetrySamples } from '../telemetrySamples.ts';
import type { DriftAlarm, DriftComparison, DriftFigures } from './driftFigures.ts';
import { type PhaseDeviations, phaseDeviations } from './phaseDeviations.ts';

/** Fewer phases a side, and the test says little. */
const leastPhases = 5;
/** The reference of a cumulative sum is estimated from as many phases at least. */
const leastReference = 10;
const blockingLevel = 0.01;
const blockingFactor = 1.25;

/**
 * Whether the clean samples are of one kind, by model and over time. Kinds of phases are held equal first: a run that
 * does its tests last has not drifted.
 */
export function findDrift(samples: TelemetrySamples, clean: Uint32Array): DriftFigures {
  const deviations = phaseDeviations(samples, clean);
  const ranked = rankedDeviations(deviations);
  const byTime = indicesByTime(deviations.time);
  const found = [...modelComparisons(samples, deviations, ranked), ...timeComparison(byTime, ranked)];
  const corrected = holmCorrection(found.map(({ pValue }) => pValue));
  const comparisons = found.map((one, index): DriftComparison => {
    const pValue = corrected[index] ?? 1;
    const large = Math.max(one.factor, 1 / one.factor) >= blockingFactor;
    return { ...one, pValue, blocking: large && pValue < blockingLevel };
  });
  return { comparisons, alarm: findAlarm(deviations, byTime), timed: byTime.length >= 2 * leastPhases };
}

/** All deviations by size, the smallest first, with their indices: sorted once, each part of them is in order. */
function rankedDeviations({ deviation }: PhaseDeviations): LabelledNumbers {
  const calls = new Uint32Array(deviation.length);
  for (let call = 0; call < calls.length; call += 1) calls[call] = call;
  return sortWithLabels(deviation, calls);
}

type Comparison = Omit<DriftComparison, 'blocking'>;

/** Each model with enough phases against all others; two models make one comparison. */
function modelComparisons(
  { models }: TelemetrySamples,
  { model }: PhaseDeviations,
  ranked: LabelledNumbers,
): readonly Comparison[] {
  const occurring = [...new Set(model)].sort((a, b) => a - b);
  const compared = occurring.length === 2 ? occurring.slice(0, 1) : occurring;
  return compared.flatMap((index) => {
    const name = models[index] ?? '';
    const other = occurring.length === 2 ? (models[occurring[1] ?? 0] ?? null) : null;
    const sides = model.map((own) => (own === index ? first : second));
    const found = compare(`${name} against ${other ?? 'other models'}`, ranked, sides);
    return found.map((one) => ({ ...one, models: [name, other] as const }));
  });
}

/** `byTime` are those that tell their time, earliest first. */
function timeComparison(byTime: Uint32Array, ranked: LabelledNumbers): readonly Comparison[] {
  const sides = new Uint32Array(ranked.values.length);
  const middle = Math.floor(byTime.length / 2);
  for (const [rank, call] of byTime.entries()) sides[call] = rank < middle ? first : second;
  return compare('earlier against later half', ranked, sides);
}

/** On which side of a comparison a phase is; 0 on neither. */
const [first, second] = [1, 2];

function compare(label: string, ranked: LabelledNumbers, sides: Uint32Array): readonly Comparison[] {
  const [own, other] = [sideOf(ranked, sides, first), sideOf(ranked, sides, second)];
  if (own.length < leastPhases || other.length < leastPhases) return [];
  const { pValue } = rankSumTest(own, other);
  const factor = Math.exp(plainQuantile(own, 0.5) - plainQuantile(other, 0.5));
  return [{ label, sizes: [own.length, other.length], factor, pValue }];
}

function sideOf({ values, labels }: LabelledNumbers, sides: Uint32Array, side: number): Float64Array {
  const own = new Float64Array(values.length);
  let count = 0;
  for (let rank = 0; rank < values.length; rank += 1)
    if (sides[labels[rank] ?? 0] === side) own[count++] = values[rank] ?? NaN;
  return own.subarray(0, count);
}

/** The second half in time against where the first one stood. */
function findAlarm({ deviation: deviations, time }: PhaseDeviations, byTime: Uint32Array): DriftAlarm | null {
  const values = gather(deviations, byTime);
  const middle = Math.floor(values.length / 2);
  if (middle < leastReference) return null;
  // The library only indexes.
  const reference = values.subarray(0, middle) as unknown as number[];
  const after = values.subarray(middle);
  const deviation = sampleStandardDeviation(reference);
  if (!(deviation > 0)) return null;
  const alarm = cusum(after, { mean: mean(reference), deviation }, cusumDesign(after.length, middle));
  if (alarm === null) return null;
  const timeOf = (at: number): number => time[byTime[middle + at] ?? 0] ?? NaN;
  return { direction: alarm.direction, at: timeOf(alarm.at), since: timeOf(alarm.since) };
}
