import { mean, sampleStandardDeviation } from 'simple-statistics';
import { cusum, cusumDesign } from '../statistics/cusum.ts';
import { holmCorrection, rankSumTest } from '../statistics/rankSum.ts';
import { gather } from '../gather.ts';
import { indicesByTime } from '../indicesByTime.ts';
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
  const timed = inTime(deviations);
  const found = [...modelComparisons(samples, deviations), ...timeComparison(timed)];
  const corrected = holmCorrection(found.map(({ pValue }) => pValue));
  const comparisons = found.map((one, index): DriftComparison => {
    const pValue = corrected[index] ?? 1;
    const large = Math.max(one.factor, 1 / one.factor) >= blockingFactor;
    return { ...one, pValue, blocking: large && pValue < blockingLevel };
  });
  return { comparisons, alarm: findAlarm(timed), timed: timed.deviation.length >= 2 * leastPhases };
}

type TimedDeviations = Pick<PhaseDeviations, 'deviation' | 'time'>;

/** Those that tell their time, earliest first. */
function inTime({ deviation, time }: PhaseDeviations): TimedDeviations {
  const timed = indicesByTime(time);
  return { deviation: gather(deviation, timed), time: gather(time, timed) };
}

type Comparison = Omit<DriftComparison, 'blocking'>;

/** Each model with enough phases against all others; two models make one comparison. */
function modelComparisons(
  { models }: TelemetrySamples,
  { model, deviation }: PhaseDeviations,
): readonly Comparison[] {
  const occurring = [...new Set(model)].sort((a, b) => a - b);
  const compared = occurring.length === 2 ? occurring.slice(0, 1) : occurring;
  return compared.flatMap((index) => {
    const own = deviation.filter((_, call) => model[call] === index);
    const others = deviation.filter((_, call) => model[call] !== index);
    const name = models[index] ?? '';
    const other = occurring.length === 2 ? (models[occurring[1] ?? 0] ?? null) : null;
    const found = compare(`${name} against ${other ?? 'other models'}`, own, others);
    return found.map((one) => ({ ...one, models: [name, other] as const }));
  });
}

function timeComparison({ deviation }: TimedDeviations): readonly Comparison[] {
  const middle = Math.floor(deviation.length / 2);
  return compare('earlier against later half', deviation.slice(0, middle), deviation.slice(middle));
}

/** Both sides are sorted by it. */
function compare(label: string, first: Float64Array, second: Float64Array): readonly Comparison[] {
  if (first.length < leastPhases || second.length < leastPhases) return [];
  const { pValue } = rankSumTest(first.sort(), second.sort());
  const factor = Math.exp(plainQuantile(first, 0.5) - plainQuantile(second, 0.5));
  return [{ label, sizes: [first.length, second.length], factor, pValue }];
}

/** The second half in time against where the first one stood. */
function findAlarm({ deviation: values, time }: TimedDeviations): DriftAlarm | null {
  const middle = Math.floor(values.length / 2);
  if (middle < leastReference) return null;
  // The library only indexes.
  const reference = values.subarray(0, middle) as unknown as number[];
  const after = values.subarray(middle);
  const deviation = sampleStandardDeviation(reference);
  if (!(deviation > 0)) return null;
  const alarm = cusum(after, { mean: mean(reference), deviation }, cusumDesign(after.length, middle));
  if (alarm === null) return null;
  const timeOf = (at: number): number => time[middle + at] ?? NaN;
  return { direction: alarm.direction, at: timeOf(alarm.at), since: timeOf(alarm.since) };
}
