import type { ReaderRequestName } from './readerProtocol.ts';

/**
 * Questions that read much of the database: they have a thread of their own, and where a writer never pauses for as long
 * as they take, they are answered from a private copy.
 */
export const longRequests: ReadonlySet<ReaderRequestName> = new Set<ReaderRequestName>([
  'telemetry',
  'telemetryView',
  'modelFigures',
  'telemetryHtml',
  'selectedEvents',
  'telemetrySamples',
  'coverage',
  'calibration',
  'backupContent',
]);

/** Those of them that compute long and share nothing with the others: another thread, so that nobody waits behind them. */
export const slowRequests: ReadonlySet<ReaderRequestName> = new Set<ReaderRequestName>([
  'telemetry',
  'telemetryHtml',
  'telemetrySamples',
  'calibration',
  'backupContent',
]);
