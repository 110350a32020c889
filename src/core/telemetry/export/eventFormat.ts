import type { TelemetryEvent } from '../../model/telemetryEvent.ts';

/** A format that holds events one by one, so that an export of any length streams. */
export interface EventFormat {
  /** What stands before the first event. */
  readonly head: string;
  /** One event; `index` counts from 0. */
  event(event: TelemetryEvent, index: number): string;
  /** What stands behind the last one. */
  readonly tail: string;
}
