import { NumberColumn } from '../numberColumn.ts';
import type { NamedLog, UniqueLogSample } from './uniqueLogSamples.ts';

const integers = () => new NumberColumn((length) => new Uint32Array(length));

/** Some samples of several logs: eight bytes each, for they stay where they are. */
export class UniqueLogList {
  readonly #logs: readonly NamedLog[];
  readonly #log = integers();
  readonly #row = integers();

  constructor(logs: readonly NamedLog[]) {
    this.#logs = logs;
  }

  get length(): number {
    return this.#log.length;
  }

  /** Adds the sample in a row of the log with this number. */
  push(log: number, row: number): void {
    this.#log.push(log);
    this.#row.push(row);
  }

  /** The sample at an index below the length, as a new object. */
  at(index: number): UniqueLogSample {
    const log = this.#logs[this.#log.get(index)];
    const sample = log?.samples.at(this.#row.get(index));
    if (log === undefined || sample === undefined) throw new RangeError(`There is no sample ${index}.`);
    return { ...sample, log: log.name };
  }

  map<T>(of: (sample: UniqueLogSample) => T): T[] {
    return Array.from({ length: this.length }, (_, index) => of(this.at(index)));
  }

  /** Those at whose index there is a 0. */
  without(left: Uint8Array): UniqueLogList {
    const rest = new UniqueLogList(this.#logs);
    for (let index = 0; index < this.length; index += 1) {
      if (left[index] === 0) rest.push(this.#log.get(index), this.#row.get(index));
    }
    return rest;
  }
}
