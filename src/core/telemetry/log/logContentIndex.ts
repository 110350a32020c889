import { hashNumbers } from '../hashNumbers.ts';
import type { LogSample } from './logSample.ts';
import { maySameMoment } from './sameMoment.ts';
import type { UniqueLogList } from './uniqueLogList.ts';

/**
 * Finds samples of earlier logs by all that a line tells but when. A hash table with chains in typed arrays, in which the
 * earliest sample comes first: a map from texts would take ten times as much memory. Numbers are stored plus 1, 0 is none.
 */
export class LogContentIndex {
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
