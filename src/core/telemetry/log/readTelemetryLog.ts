import { CancelledError } from '../../errors.ts';
import { parseTelemetryLogLine } from './telemetryLogLine.ts';
import type { LogSample } from './logSample.ts';

/** A sample and the number of its line, counted from 1. */
export interface LocatedSample extends LogSample {
  readonly line: number;
}

/** What a log holds of telemetry, in its order. */
export interface TelemetryLog {
  readonly samples: readonly LocatedSample[];
  /** How many lines were meant to be samples, but were cut off or garbled. */
  readonly damaged: number;
}

/**
 * Reads a log line by line, so that its size does not matter; lines come without their ends.
 * Rejects with `CancelledError` when the signal fires, and with what `lines` throws.
 */
export async function readTelemetryLog(
  lines: AsyncIterable<string>,
  signal?: AbortSignal,
): Promise<TelemetryLog> {
  const samples: LocatedSample[] = [];
  let [line, damaged] = [0, 0];
  for await (const text of lines) {
    line += 1;
    if (signal?.aborted === true) throw new CancelledError('Reading the log');
    const read = parseTelemetryLogLine(text);
    if (read.kind === 'sample') samples.push({ ...read.sample, line });
    else if (read.kind === 'damaged') damaged += 1;
  }
  return { samples, damaged };
}
