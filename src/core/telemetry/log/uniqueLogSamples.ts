import type { LogSample } from './logSample.ts';
import type { LocatedSample, TelemetryLog } from './readTelemetryLog.ts';
import { maySameMoment } from './sameMoment.ts';

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
  readonly samples: readonly UniqueLogSample[];
  /** How many lines were left out, because another log tells of the same call. */
  readonly repeated: number;
}

/**
 * Counts a call once that several logs tell of, because one run was captured twice: with the same content after the prefix,
 * at the same moment as far as the prefixes tell. Two equal lines of one log are two calls.
 */
export function uniqueLogSamples(logs: readonly NamedLog[]): UniqueLogSamples {
  const byContent = new Map<string, UniqueLogSample[]>();
  const samples: UniqueLogSample[] = [];
  let repeated = 0;
  for (const { name, samples: own } of logs) {
    // A line of this log stands for at most one line of those before.
    const taken = new Set<UniqueLogSample>();
    const fresh: UniqueLogSample[] = [];
    for (const sample of own) {
      const same = byContent.get(contentOf(sample)) ?? [];
      const known = same.find((one) => !taken.has(one) && maySameMoment(one.timestamp, sample.timestamp));
      if (known === undefined) {
        fresh.push({ ...sample, log: name });
      } else {
        taken.add(known);
        repeated += 1;
      }
    }
    for (const sample of fresh) {
      samples.push(sample);
      const content = contentOf(sample);
      byContent.set(content, [...(byContent.get(content) ?? []), sample]);
    }
  }
  return { samples, repeated };
}

/** All that a line tells but when. */
function contentOf(sample: LogSample): string {
  const { format, predicted, actual, selectedBudget, category, complexity, deliverableCount } = sample;
  const { success, stopReason, truncated, model } = sample;
  const kind = [category, complexity, deliverableCount];
  return JSON.stringify([
    format,
    predicted,
    actual,
    selectedBudget,
    kind,
    success,
    stopReason,
    truncated,
    model,
  ]);
}
