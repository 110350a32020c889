import { isOrphaned } from './phaseIndex.ts';
import { sampleQualities, sampleQuality } from './sampleQuality.ts';
import { suspicionBit } from './suspicion.ts';
import type { Suspicion } from './suspicion.ts';
import type { TelemetrySamples } from './telemetrySamples.ts';

const synthetic = sampleQualities.indexOf('synthetic');

/** Notes a reason against sample `at`, and puts it into the class it then belongs to. */
export function raiseSuspicion(samples: TelemetrySamples, at: number, reason: Suspicion): void {
  const suspicion = (samples.suspicion[at] ?? 0) | suspicionBit(reason);
  const phase = samples.phases[samples.phase[at] ?? 0];
  const quality = sampleQuality({
    synthetic: samples.quality[at] === synthetic,
    success: samples.success[at] === 1,
    truncated: samples.truncated[at] === 1,
    suspicion,
    orphaned: phase === undefined || isOrphaned(phase),
  });
  samples.suspicion[at] = suspicion;
  samples.quality[at] = sampleQualities.indexOf(quality);
}
