import { hashNumbers } from '../hashNumbers.ts';
import { nextSameMoment } from '../log/sameMoment.ts';
import type { UniqueLogList } from '../log/uniqueLogList.ts';
import { LinesByHash } from './linesByHash.ts';

/** Finds the lines that may be of a call without a look at all that have its prediction. A few of those found are not. */
export class CallCandidates {
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
