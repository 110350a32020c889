import { mean, median, standardDeviation } from 'simple-statistics';
import { cusum } from '../statistics/cusum.ts';
import { holmCorrection, rankSumTest } from '../statistics/rankSum.ts';
import type { TelemetrySamples } from '../telemetrySamples.ts';
import type { DriftAlarm, DriftComparison, DriftFigures } from './driftFigures.ts';
import { groupOf } from './sampleGroup.ts';

/** Fewer phases a side, and the test says little. */
const leastPhases = 5;
/** The reference of a cumulative sum is estimated from as many phases at least. */
const leastReference = 10;
const blockingLevel = 0.01;
const blockingFactor = 1.25;

/** All calls of one phase by one model: the mean log ratio, less what its kind of phase has, and the mean time. */
interface PhaseDeviation {
  readonly model: number;
  readonly deviation: number;
  /** NaN where not known. */
  readonly time: number;
}

/**
 * Whether the clean samples are of one kind, by model and over time. Kinds of phases are held equal first: a run that
 * does its tests last has not drifted.
 */
export function findDrift(samples: TelemetrySamples, clean: Uint32Array): DriftFigures {
  const deviations = phaseDeviations(samples, clean);
  const timed = deviations.filter(({ time }) => !Number.isNaN(time)).sort((a, b) => a.time - b.time);
  const found = [...modelComparisons(samples, deviations), ...timeComparison(timed)];
  const corrected = holmCorrection(found.map(({ pValue }) => pValue));
  const comparisons = found.map((one, index): DriftComparison => {
    const pValue = corrected[index] ?? 1;
    const large = Math.max(one.factor, 1 / one.factor) >= blockingFactor;
    return { ...one, pValue, blocking: large && pValue < blockingLevel };
  });
  return { comparisons, alarm: findAlarm(timed), timed: timed.length >= 2 * leastPhases };
}

function phaseDeviations(samples: TelemetrySamples, clean: Uint32Array): readonly PhaseDeviation[] {
  const logRatio = (at: number): number =>
    Math.log((samples.actual[at] ?? NaN) / (samples.predicted[at] ?? NaN));
  const groups = new Map<number, { sum: number; count: number }>();
  for (const at of clean) {
    const group = entry(groups, groupOf(samples, at), () => ({ sum: 0, count: 0 }));
    group.sum += logRatio(at);
    group.count += 1;
  }
  const calls = new Map<number, { model: number; sum: number; time: number; count: number }>();
  for (const at of clean) {
    const model = samples.model[at] ?? 0;
    const key = (samples.phase[at] ?? 0) * samples.models.length + model;
    const phase = entry(calls, key, () => ({ model, sum: 0, time: 0, count: 0 }));
    const { sum, count } = groups.get(groupOf(samples, at)) ?? { sum: 0, count: 1 };
    phase.sum += logRatio(at) - sum / count;
    phase.time += samples.timestamp[at] ?? NaN;
    phase.count += 1;
  }
  return [...calls.values()].map(({ model, sum, time, count }) => ({
    model,
    deviation: sum / count,
    time: time / count,
  }));
}

type Comparison = Omit<DriftComparison, 'blocking'>;

/** Each model with enough phases against all others; two models make one comparison. */
function modelComparisons(
  { models }: TelemetrySamples,
  deviations: readonly PhaseDeviation[],
): readonly Comparison[] {
  const occurring = [...new Set(deviations.map(({ model }) => model))].sort((a, b) => a - b);
  const compared = occurring.length === 2 ? occurring.slice(0, 1) : occurring;
  return compared.flatMap((index) => {
    const own = deviations.filter(({ model }) => model === index);
    const others = deviations.filter(({ model }) => model !== index);
    const other = occurring.length === 2 ? (models[occurring[1] ?? 0] ?? 'others') : 'other models';
    return compare(`${models[index] ?? ''} against ${other}`, own, others);
  });
}

function timeComparison(timed: readonly PhaseDeviation[]): readonly Comparison[] {
  const middle = Math.floor(timed.length / 2);
  return compare('earlier against later half', timed.slice(0, middle), timed.slice(middle));
}

function compare(
  label: string,
  first: readonly PhaseDeviation[],
  second: readonly PhaseDeviation[],
): readonly Comparison[] {
  if (first.length < leastPhases || second.length < leastPhases) return [];
  const [a, b] = [first, second].map((side) => side.map(({ deviation }) => deviation)) as [
    number[],
    number[],
  ];
  return [
    {
      label,
      sizes: [a.length, b.length],
      factor: Math.exp(median(a) - median(b)),
      pValue: rankSumTest(a, b).pValue,
    },
  ];
}

/** The second half in time against where the first one stood. */
function findAlarm(timed: readonly PhaseDeviation[]): DriftAlarm | null {
  const middle = Math.floor(timed.length / 2);
  if (middle < leastReference) return null;
  const values = timed.map(({ deviation }) => deviation);
  const reference = values.slice(0, middle);
  const deviation = standardDeviation(reference);
  if (!(deviation > 0)) return null;
  const alarm = cusum(values.slice(middle), { mean: mean(reference), deviation });
  if (alarm === null) return null;
  const timeOf = (at: number): number => timed[middle + at]?.time ?? NaN;
  return { direction: alarm.direction, at: timeOf(alarm.at), since: timeOf(alarm.since) };
}

function entry<Value>(map: Map<number, Value>, key: number, create: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = create()));
  return value;
}
