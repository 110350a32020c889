import { NumberColumn } from '../numberColumn.ts';
import { orderOfPositive } from '../statistics/radixSort.ts';
import type { UniqueLogList } from '../log/uniqueLogList.ts';
import type { TelemetrySamples } from '../telemetrySamples.ts';
import { CallCandidates } from './callCandidates.ts';
import { matchCall } from './callMatch.ts';

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
