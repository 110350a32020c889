import { mean, sampleStandardDeviation } from 'simple-statistics';
import { t } from '../../text/l10n.ts';
import { gather, indicesByTime, NumberColumn } from '../samples/columns.ts';
import type { TelemetrySamples } from '../samples/telemetrySamples.ts';
import { cusum, cusumDesign } from '../statistics/cusum.ts';
import { sortWithLabels, type LabelledNumbers } from '../statistics/radixSort.ts';
import { holmCorrection, rankSumTest } from '../statistics/rankSum.ts';
import { plainQuantile } from '../statistics/survival.ts';
import { groupOf } from './evidenceSamples.ts';

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
    const found = compare(t`${name} against ${other ?? t`other models`}`, ranked, sides);
    return found.map((one) => ({ ...one, models: [name, other] as const }));
  });
}

/** `byTime` are those with a known time, earliest first. */
function timeComparison(byTime: Uint32Array, ranked: LabelledNumbers): readonly Comparison[] {
  const sides = new Uint32Array(ranked.values.length);
  const middle = Math.floor(byTime.length / 2);
  for (const [rank, call] of byTime.entries()) sides[call] = rank < middle ? first : second;
  return compare(t`earlier against later half`, ranked, sides);
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

/**
 * All calls of one phase by one model as one, by column: the mean log ratio, less what its kind of phase has, and the mean
 * time in milliseconds since the epoch, NaN where one is not known. Columns, for there may be hundreds of thousands.
 */
interface PhaseDeviations {
  readonly model: Uint32Array;
  readonly deviation: Float64Array<ArrayBuffer>;
  readonly time: Float64Array;
}

/** The deviations of clean samples (indices), in the order in which phases and models are met. */
function phaseDeviations(samples: TelemetrySamples, clean: Uint32Array): PhaseDeviations {
  const { timestamp } = samples;
  const logRatios = new Float64Array(clean.length);
  const means = meansByGroup(samples, clean, logRatios);
  const callOf = new Uint32Array(clean.length);
  const model = numberCalls(samples, clean, callOf);
  const counts = new Uint32Array(model.length);
  const [deviation, time] = [new Float64Array(model.length), new Float64Array(model.length)];
  let [group, mean] = [-1, NaN];
  for (let row = 0; row < clean.length; row += 1) {
    const at = clean[row] ?? 0;
    const number = groupOf(samples, at);
    // Neighbours mostly are of one kind.
    if (number !== group) [group, mean] = [number, means.get(number) ?? NaN];
    const call = callOf[row] ?? 0;
    counts[call] = (counts[call] ?? 0) + 1;
    deviation[call] = (deviation[call] ?? NaN) + ((logRatios[row] ?? NaN) - mean);
    time[call] = (time[call] ?? NaN) + (timestamp[at] ?? NaN);
  }
  for (let call = 0; call < model.length; call += 1) {
    const count = counts[call] ?? NaN;
    deviation[call] = (deviation[call] ?? NaN) / count;
    time[call] = (time[call] ?? NaN) / count;
  }
  return { model, deviation, time };
}

/** The mean log ratio of each kind of phase; the log ratio of each sample goes to `logRatios`. */
function meansByGroup(
  samples: TelemetrySamples,
  clean: Uint32Array,
  logRatios: Float64Array,
): ReadonlyMap<number, number> {
  const { actual, predicted } = samples;
  const groups = new Map<number, { sum: number; count: number }>();
  let last = { number: -1, tally: { sum: 0, count: 0 } };
  for (let row = 0; row < clean.length; row += 1) {
    const at = clean[row] ?? 0;
    const logRatio = Math.log((actual[at] ?? NaN) / (predicted[at] ?? NaN));
    logRatios[row] = logRatio;
    const number = groupOf(samples, at);
    if (number !== last.number) {
      const tally = groups.get(number) ?? { sum: 0, count: 0 };
      groups.set(number, tally);
      last = { number, tally };
    }
    last.tally.sum += logRatio;
    last.tally.count += 1;
  }
  return new Map(Array.from(groups, ([number, { sum, count }]) => [number, sum / count]));
}

/**
 * Numbers the phases and models that occur together as they are met, and notes the number for each sample; returns the
 * model of each. A phase leads to its models one after the other, for few phases have more than one.
 */
function numberCalls({ phase, model, phases }: TelemetrySamples, clean: Uint32Array, callOf: Uint32Array) {
  /** By phase: the last of its calls that was met first, counted from 1; 0 for none. */
  const latest = new Uint32Array(phases.length);
  const before = new NumberColumn((length) => new Uint32Array(length));
  const models = new NumberColumn((length) => new Uint32Array(length));
  for (let row = 0; row < clean.length; row += 1) {
    const at = clean[row] ?? 0;
    const [own, ofModel] = [phase[at] ?? 0, model[at] ?? 0];
    let call = latest[own] ?? 0;
    while (call !== 0 && models.get(call - 1) !== ofModel) call = before.get(call - 1);
    if (call === 0) {
      before.push(latest[own] ?? 0);
      models.push(ofModel);
      call = models.length;
      latest[own] = call;
    }
    callOf[row] = call - 1;
  }
  return models.view();
}

/** Two parts of the evidence held against each other: log ratios, less the mean of their kind of phase, one value a phase. */
export interface DriftComparison {
  /** What is compared: `model a / others`, `earlier / later half`. */
  readonly label: string;
  /** Where models are compared: which, the second `null` for all others together. */
  readonly models?: readonly [first: string, second: string | null];
  /** Phases on either side. */
  readonly sizes: readonly [number, number];
  /** Median actual / predicted of the first part over that of the second, kinds of phase held equal. */
  readonly factor: number;
  /** Two-sided, rank-sum test; Holm's correction over all comparisons made. */
  readonly pValue: number;
  /** Certain (p < 0.01) and large (25 % or more) enough that one calibration cannot serve both parts. */
  readonly blocking: boolean;
}

/** A lasting change in time that the cumulative sum shows. */
interface DriftAlarm {
  readonly direction: 'up' | 'down';
  /** When the sum crossed its limit: ms since the epoch. */
  readonly at: number;
  /** When it last stood at zero before: the likely beginning. */
  readonly since: number;
}

/** Whether the evidence is of one kind. */
export interface DriftFigures {
  readonly comparisons: readonly DriftComparison[];
  readonly alarm: DriftAlarm | null;
  /** False where too few samples tell their time to look for a change. */
  readonly timed: boolean;
}
