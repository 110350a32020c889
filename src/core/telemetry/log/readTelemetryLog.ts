import { CancelledError } from '../../errors.ts';
import { LogDecoder } from './logEncoding.ts';
import { LogSampleColumns, LogSampleRows } from './logSampleColumns.ts';
import type { LogSampleList } from './logSample.ts';
import { TelemetryLogScanner } from './telemetryLogScanner.ts';

/** What a log holds of telemetry, in its order. */
export interface TelemetryLog {
  readonly samples: LogSampleList;
  /** How many lines were meant to be samples, but were cut off or garbled. */
  readonly damaged: number;
}

/**
 * Reads a log in UTF-8 or UTF-16 piece by piece, so that its size does not matter, into columns that several logs may share.
 * Rejects with `CancelledError` when the signal fires, and with what `pieces` throws.
 */
export async function readTelemetryLog(
  pieces: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
  columns = new LogSampleColumns(),
): Promise<TelemetryLog & { readonly samples: LogSampleRows }> {
  const from = columns.length;
  const scanner = new TelemetryLogScanner(columns);
  const decoder = new LogDecoder();
  for await (const piece of pieces) {
    if (signal?.aborted === true) throw new CancelledError('Reading the log');
    scanner.push(decoder.push(piece));
  }
  scanner.push(decoder.finish());
  scanner.finish();
  return { samples: new LogSampleRows(columns, from), damaged: scanner.damaged };
}
