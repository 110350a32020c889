import { NumberColumn, hashNumbers } from '../samples/columns.ts';
import { maySameMoment } from './callMatch.ts';
import type { LocatedSample, LogSample } from './logSamples.ts';
import type { TelemetryLog } from './readTelemetryLog.ts';

/** A log and what it holds. `name` tells it from the others: its path within the folder. */
export interface NamedLog extends TelemetryLog {
  readonly name: string;
}

/** A sample, and where it was first met. */
export interface UniqueLogSample extends LocatedSample {
  readonly log: string;
}

/** Samples of several logs, each call once. */
export interface UniqueLogSamples {
  readonly samples: UniqueLogList;
  /** How many lines were left out, because another log tells of the same call. */
  readonly repeated: number;
}

/**
 * Counts a call once that several logs tell of, because one run was captured twice: with the same content after the prefix,
 * at the same moment as far as the prefixes tell. Two equal lines of one log are two calls.
 */
export function uniqueLogSamples(logs: readonly NamedLog[]): UniqueLogSamples {
  const samples = new UniqueLogList(logs);
  const known = new LogContentIndex(
    samples,
    logs.reduce((sum, log) => sum + log.samples.length, 0),
  );
  let repeated = 0;
  for (const [number, { samples: own }] of logs.entries()) {
    for (let row = 0; row < own.length; row += 1) {
      const sample = own.at(row);
      if (sample === undefined) continue;
      if (known.take(sample, number)) repeated += 1;
      else samples.push(number, row);
    }
    // Only now, for equal lines of one log are no repeats.
    known.addNew();
  }
  return { samples, repeated };
}

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

/**
 * Finds samples of earlier logs by all that a line tells but when. A hash table with chains in typed arrays, in which the
 * earliest sample comes first: a map from texts would take ten times as much memory. Numbers are stored plus 1, 0 is none.
 */
class LogContentIndex {
  readonly #samples: UniqueLogList;
  readonly #first: Uint32Array;
  readonly #last: Uint32Array;
  /** The first of a chain that the log read now has not taken, and that log. */
  readonly #free: Uint32Array;
  readonly #freeFor: Uint32Array;
  readonly #next: Uint32Array;
  readonly #hash: Int32Array;
  readonly #takenBy: Uint32Array;
  #added = 0;

  /** Over samples that are yet to come, `most` at most. */
  constructor(samples: UniqueLogList, most: number) {
    this.#samples = samples;
    const chains = 2 ** Math.ceil(Math.log2(most + 1));
    this.#first = new Uint32Array(chains);
    this.#last = new Uint32Array(chains);
    this.#free = new Uint32Array(chains);
    this.#freeFor = new Uint32Array(chains);
    this.#next = new Uint32Array(most);
    this.#hash = new Int32Array(most);
    this.#takenBy = new Uint32Array(most);
  }

  /** Adds what was added to the samples. */
  addNew(): void {
    for (; this.#added < this.#samples.length; this.#added += 1) {
      const hash = this.#hash[this.#added] ?? 0;
      const chain = hash & (this.#first.length - 1);
      const last = this.#last[chain] ?? 0;
      if (last === 0) this.#first[chain] = this.#added + 1;
      else this.#next[last - 1] = this.#added + 1;
      this.#last[chain] = this.#added + 1;
    }
  }

  /**
   * Takes for a line of a log the first sample that is of the same call and that no line of this log took before. Where there
   * is none, the line is to be added to the samples next.
   */
  take(line: LogSample, log: number): boolean {
    const hash = contentHash(line);
    for (let one = this.#firstFree(hash & (this.#first.length - 1), log); one !== 0;) {
      const at = one - 1;
      one = this.#next[at] ?? 0;
      if (this.#hash[at] !== hash || this.#takenBy[at] === log + 1) continue;
      const sample = this.#samples.at(at);
      if (!isSameContent(sample, line) || !maySameMoment(sample.timestamp, line.timestamp)) continue;
      this.#takenBy[at] = log + 1;
      return true;
    }
    this.#hash[this.#samples.length] = hash;
    return false;
  }

  /** Skips what the log has taken once and for all: else long logs of equal lines would take the square of their time. */
  #firstFree(chain: number, log: number): number {
    let free = this.#freeFor[chain] === log + 1 ? (this.#free[chain] ?? 0) : (this.#first[chain] ?? 0);
    while (free !== 0 && this.#takenBy[free - 1] === log + 1) free = this.#next[free - 1] ?? 0;
    this.#free[chain] = free;
    this.#freeFor[chain] = log + 1;
    return free;
  }
}

function contentHash(sample: LogSample): number {
  return hashNumbers(
    sample.predicted,
    sample.actual,
    (sample.deliverableCount ?? -1) + 31 * formatCode(sample),
  );
}

function formatCode({ success, truncated }: LogSample): number {
  return 3 * Number(success ?? 2) + Number(truncated ?? 2);
}

function isSameContent(a: LogSample, b: LogSample): boolean {
  return (
    a.predicted === b.predicted &&
    a.actual === b.actual &&
    a.format === b.format &&
    a.selectedBudget === b.selectedBudget &&
    a.category === b.category &&
    a.complexity === b.complexity &&
    a.deliverableCount === b.deliverableCount &&
    a.success === b.success &&
    a.stopReason === b.stopReason &&
    a.truncated === b.truncated &&
    a.model === b.model
  );
}
