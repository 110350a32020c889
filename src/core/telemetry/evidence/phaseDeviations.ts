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
  const logRatios = new Float64Array(clean.length);
  const groups = new Map<number, { sum: number; count: number }>();
  let last = { number: -1, tally: { sum: 0, count: 0 } };
  for (let row = 0; row < clean.length; row += 1) {
    const at = clean[row] ?? 0;
    const logRatio = Math.log((samples.actual[at] ?? NaN) / (samples.predicted[at] ?? NaN));
    logRatios[row] = logRatio;
    const number = groupOf(samples, at);
    // Neighbours mostly are of one kind.
    if (number !== last.number) {
      const tally = groups.get(number) ?? { sum: 0, count: 0 };
      groups.set(number, tally);
      last = { number, tally };
    }
    last.tally.sum += logRatio;
    last.tally.count += 1;
  }
  const calls = new PhaseCalls(samples.phases.length);
  let [group, mean] = [-1, NaN];
  for (let row = 0; row < clean.length; row += 1) {
    const at = clean[row] ?? 0;
    const number = groupOf(samples, at);
    if (number !== group) {
      const { sum = NaN, count = 1 } = groups.get(number) ?? {};
      [group, mean] = [number, sum / count];
    }
    const deviation = (logRatios[row] ?? NaN) - mean;
    calls.add(samples.phase[at] ?? 0, samples.model[at] ?? 0, deviation, samples.timestamp[at] ?? NaN);
  }
  return calls.means();
}

/** Sums by phase and model. Each phase leads to its models one after the other, for few phases have more than one. */
class PhaseCalls {
  /** By phase: its first call, counted from 1; 0 for none. */
  readonly #first: Uint32Array;
  readonly #next = new NumberColumn((length) => new Uint32Array(length));
  readonly #model = new NumberColumn((length) => new Uint32Array(length));
  readonly #count = new NumberColumn((length) => new Uint32Array(length));
  readonly #deviation = new NumberColumn((length) => new Float64Array(length));
  readonly #time = new NumberColumn((length) => new Float64Array(length));

  constructor(phases: number) {
    this.#first = new Uint32Array(phases);
  }

  add(phase: number, model: number, deviation: number, time: number): void {
    let call = this.#first[phase] ?? 0;
    while (call !== 0 && this.#model.get(call - 1) !== model) call = this.#next.get(call - 1);
    if (call === 0) {
      this.#next.push(this.#first[phase] ?? 0);
      this.#model.push(model);
      this.#count.push(1);
      this.#deviation.push(deviation);
      this.#time.push(time);
      this.#first[phase] = this.#model.length;
      return;
    }
    this.#count.add(call - 1, 1);
    this.#deviation.add(call - 1, deviation);
    this.#time.add(call - 1, time);
  }

  means(): PhaseDeviations {
    const counts = this.#count.view();
    const perCall = (sum: number, call: number): number => sum / (counts[call] ?? NaN);
    return {
      model: this.#model.view(),
      deviation: this.#deviation.view().map(perCall),
      time: this.#time.view().map(perCall),
    };
  }
}
