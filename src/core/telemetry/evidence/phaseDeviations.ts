import { NumberColumn } from '../numberColumn.ts';
import type { TelemetrySamples } from '../telemetrySamples.ts';
import { groupOf } from './sampleGroup.ts';

/**
 * All calls of one phase by one model as one, by column: the mean log ratio, less what its kind of phase has, and the mean
 * time in milliseconds since the epoch, NaN where one is not known. Columns, for there may be hundreds of thousands.
 */
export interface PhaseDeviations {
  readonly model: Uint32Array;
  readonly deviation: Float64Array<ArrayBuffer>;
  readonly time: Float64Array;
}

/** The deviations of clean samples (indices), in the order in which phases and models are met. */
export function phaseDeviations(samples: TelemetrySamples, clean: Uint32Array): PhaseDeviations {
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
