import type { LocatedSample } from './logSample.ts';
import { LogContentIndex } from './logContentIndex.ts';
import type { TelemetryLog } from './readTelemetryLog.ts';
import { UniqueLogList } from './uniqueLogList.ts';

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
