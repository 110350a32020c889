import { NumberColumn, hashNumbers } from '../samples/columns.ts';
import type { TelemetrySamples } from '../samples/telemetrySamples.ts';
import { orderOfPositive } from '../statistics/radixSort.ts';
import { matchCall, nextSameMoment } from './callMatch.ts';
import type { UniqueLogList } from './uniqueLogSamples.ts';

/** More milliseconds than two times of one moment are apart: keeps conflicts and distance apart in one number. */
const distanceRange = 2 ** 15;

/** Samples of a database and lines of logs that may be one call, in the order in which they are to be settled. */
export class CallPairs {
  readonly #at = new NumberColumn((length) => new Uint32Array(length));
  readonly #line = new NumberColumn((length) => new Uint32Array(length));
  readonly #rank = new NumberColumn((length) => new Float64Array(length));

  constructor(samples: TelemetrySamples, lines: UniqueLogList) {
    const candidates = new CallCandidates(lines);
    const found: number[] = [];
    for (let at = 0; at < samples.count; at += 1) {
      const { predicted, actual, timestamp } = samples;
      found.length = 0;
      candidates.forEach(predicted[at] ?? NaN, actual[at] ?? NaN, timestamp[at] ?? NaN, (line) => {
        found.push(line);
      });
      if (found.length > 1) found.sort((a, b) => a - b);
      for (const line of found) {
        const match = matchCall(samples, at, lines.at(line));
        if (match === null) continue;
        this.#rank.push(match.conflicts.length * distanceRange + match.distance);
        this.#at.push(at);
        this.#line.push(line);
      }
    }
  }

  /** Agreeing pairs first, nearest in time first, then in the order of the samples, then of the lines. */
  forEach(settle: (at: number, line: number) => void): void {
    for (const pair of orderOfPositive(this.#rank.view())) {
      settle(this.#at.get(pair), this.#line.get(pair));
    }
  }
}

/** Finds the lines that may be of a call without a look at all that have its prediction. A few of those found are not. */
class CallCandidates {
  readonly #timestamp: Float64Array;
  readonly #actual: Float64Array;
  readonly #predicted: Float64Array;
  readonly #timed: LinesByHash;
  readonly #untimed: LinesByHash;
  #all: LinesByHash | null = null;

  constructor(lines: UniqueLogList) {
    this.#timestamp = new Float64Array(lines.length);
    this.#predicted = new Float64Array(lines.length);
    this.#actual = new Float64Array(lines.length);
    for (let line = 0; line < lines.length; line += 1) {
      const { timestamp, predicted, actual } = lines.at(line);
      this.#timestamp[line] = timestamp ?? NaN;
      this.#predicted[line] = predicted;
      this.#actual[line] = actual;
    }
    const isTimed = (line: number): boolean => !Number.isNaN(this.#timestamp[line] ?? NaN);
    const numbers = this.#numbers();
    const timed = numbers.filter(isTimed);
    this.#timed = new LinesByHash(timed, (line) => figuresHash(this.#predicted[line] ?? NaN, 0)).sortBy(
      this.#timestamp,
    );
    this.#untimed = this.#byFigures(numbers.filter((line) => !isTimed(line)));
  }

  /** Calls `visit` for the lines of this prediction and moment, and for those of these figures where a time is missing. */
  forEach(predicted: number, actual: number, time: number, visit: (line: number) => void): void {
    if (Number.isNaN(time)) {
      this.#all ??= this.#byFigures(this.#numbers());
      this.#all.of(figuresHash(predicted, actual)).forEach(visit);
      return;
    }
    this.#untimed.of(figuresHash(predicted, actual)).forEach(visit);
    const lines = this.#timed.of(figuresHash(predicted, 0));
    for (let at = this.#firstFrom(lines, 0, nextSameMoment(time, -Infinity)); at < lines.length;) {
      const line = lines[at] ?? 0;
      const own = this.#timestamp[line] ?? NaN;
      const next = nextSameMoment(time, own);
      if (next === own) {
        visit(line);
        at += 1;
      } else {
        at = this.#firstFrom(lines, at + 1, next);
      }
    }
  }

  #numbers(): Uint32Array {
    return new Uint32Array(this.#timestamp.length).map((_, line) => line);
  }

  #byFigures(lines: Uint32Array): LinesByHash {
    return new LinesByHash(lines, (line) =>
      figuresHash(this.#predicted[line] ?? NaN, this.#actual[line] ?? NaN),
    );
  }

  /** The first of lines in their order of time, from `low` on, that is not before `time`. */
  #firstFrom(lines: Uint32Array, low: number, time: number): number {
    // Mostly the next is so already.
    if (low >= lines.length || (this.#timestamp[lines[low] ?? 0] ?? NaN) >= time) return low;
    let high = lines.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#timestamp[lines[middle] ?? 0] ?? NaN) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function figuresHash(predicted: number, actual: number): number {
  return hashNumbers(predicted, actual, 0);
}

/** Numbers of lines in groups by a hash, in eight bytes each. A group may hold a few others, of equal hash. */
class LinesByHash {
  readonly #starts: Uint32Array;
  readonly #lines: Uint32Array;
  readonly #mask: number;

  /** Within a group the lines keep their order. */
  constructor(lines: Uint32Array, hashOf: (line: number) => number) {
    const groups = 2 ** Math.ceil(Math.log2(lines.length + 1));
    this.#mask = groups - 1;
    this.#starts = new Uint32Array(groups + 1);
    for (const line of lines) this.#add((hashOf(line) & this.#mask) + 1, 1);
    for (let group = 1; group <= groups; group += 1) this.#add(group, this.#starts[group - 1] ?? 0);
    const places = this.#starts.slice();
    this.#lines = new Uint32Array(lines.length);
    for (const line of lines) {
      const group = hashOf(line) & this.#mask;
      const place = places[group] ?? 0;
      this.#lines[place] = line;
      places[group] = place + 1;
    }
  }

  /** Orders each group by these values of its lines. */
  sortBy(values: Float64Array): this {
    const compare = (a: number, b: number): number => (values[a] ?? 0) - (values[b] ?? 0);
    for (let group = 0; group <= this.#mask; group += 1) {
      const lines = this.#group(group);
      if (lines.length > 1) lines.sort(compare);
    }
    return this;
  }

  /** The lines with this hash. */
  of(hash: number): Uint32Array {
    return this.#group(hash & this.#mask);
  }

  #group(group: number): Uint32Array {
    return this.#lines.subarray(this.#starts[group], this.#starts[group + 1]);
  }

  #add(group: number, count: number): void {
    this.#starts[group] = (this.#starts[group] ?? 0) + count;
  }
}
