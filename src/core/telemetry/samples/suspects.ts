import type { PhaseKey } from '../../model/phase.ts';
import {
  sampleQualities,
  suspicions,
  suspicionsOf,
  type Suspicion,
  type SuspicionCounts,
} from './sampleQuality.ts';
import type { TelemetrySamples } from './telemetrySamples.ts';

/** A suspect sample, with all that speaks against it. Tokens are output tokens, `null` where unreadable. */
export interface SuspectSample extends PhaseKey {
  /** Milliseconds since the epoch. */
  readonly timestamp: number | null;
  readonly category: string;
  readonly complexity: string;
  readonly model: string;
  readonly predicted: number | null;
  readonly actual: number | null;
  readonly reasons: readonly Suspicion[];
}

const suspect = sampleQualities.indexOf('suspect');

/** The first `limit` suspect samples among those selected (by index), in the order of their source. */
export function listSuspects(
  samples: TelemetrySamples,
  limit: number,
  isSelected: (at: number) => boolean = () => true,
): readonly SuspectSample[] {
  const found: SuspectSample[] = [];
  for (let at = 0; at < samples.count && found.length < limit; at += 1) {
    if (samples.quality[at] === suspect && isSelected(at)) found.push(describeSample(samples, at));
  }
  return found;
}

/** How many suspect samples among those selected (by index) are so for each reason. */
export function countSuspicions(
  samples: TelemetrySamples,
  isSelected: (at: number) => boolean = () => true,
): SuspicionCounts {
  const byBits = new Map<number, number>();
  for (let at = 0; at < samples.count; at += 1) {
    if (samples.quality[at] !== suspect || !isSelected(at)) continue;
    const bits = samples.suspicion[at] ?? 0;
    byBits.set(bits, (byBits.get(bits) ?? 0) + 1);
  }
  const counts = Object.fromEntries(suspicions.map((reason) => [reason, 0])) as Record<Suspicion, number>;
  for (const [bits, count] of byBits) for (const reason of suspicionsOf(bits)) counts[reason] += count;
  return counts;
}

/** Sample `at`, with all that speaks against it. */
export function describeSample(samples: TelemetrySamples, at: number): SuspectSample {
  const phase = samples.phases[samples.phase[at] ?? 0];
  return {
    runId: phase?.runId ?? '',
    phaseId: phase?.phaseId ?? '',
    timestamp: orNull(samples.timestamp[at]),
    category: samples.categories[samples.category[at] ?? 0] ?? 'unknown',
    complexity: samples.complexities[samples.complexity[at] ?? 0] ?? 'unknown',
    model: samples.models[samples.model[at] ?? 0] ?? 'unknown',
    predicted: orNull(samples.predicted[at]),
    actual: orNull(samples.actual[at]),
    reasons: suspicionsOf(samples.suspicion[at] ?? 0),
  };
}

function orNull(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}
