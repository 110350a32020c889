import { CancelledError } from '../../errors.ts';
import { parseTelemetryLogLine } from './telemetryLogLine.ts';
import type { LogSample } from './logSample.ts';

/** What a log holds of telemetry. */
export interface TelemetryLog {
  readonly samples: readonly LogSample[];
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
  const samples: LogSample[] = [];
  let damaged = 0;
  for await (const line of lines) {
    if (signal?.aborted === true) throw new CancelledError('Reading the log');
    const read = parseTelemetryLogLine(line);
    if (read.kind === 'sample') samples.push(read.sample);
    else if (read.kind === 'damaged') damaged += 1;
  }
  return { samples, damaged };
}
