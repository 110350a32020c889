import type { DrainResult } from './drainResult.ts';
import { hadNoChance } from './environmentFailure.ts';
import { eventsOf } from './phaseObservation.ts';

/** Whether a run is worth more than its sample, and why. */
export interface SampleVerdict {
  readonly promising: boolean;
  readonly reason: string;
}

/**
 * Judges a run by its first result (domain: sample-first triage).
 * `isKnown` tells whether a fingerprint was seen before this result.
 */
export function judgeSample(result: DrainResult, isKnown: (fingerprint: string) => boolean): SampleVerdict {
  if (result.success) return promising('its sample succeeded');
  const events = eventsOf(result.yield);
  if (events > 0) return promising(`its sample gave ${events} telemetry event${events === 1 ? '' : 's'}`);
  if (hadNoChance(result)) return promising('its sample failed of what every phase fails of');
  if (result.outcome === 'timed-out') return promising('its sample timed out, which more time may cure');
  if (result.fingerprint === null || !isKnown(result.fingerprint)) {
    return promising('its sample failed in a way not seen before');
  }
  return {
    promising: false,
    reason: `its sample failed in a way already seen, without telemetry: ${result.fingerprint}`,
  };
}

function promising(reason: string): SampleVerdict {
  return { promising: true, reason };
}
