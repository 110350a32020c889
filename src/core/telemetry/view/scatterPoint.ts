import type { PhaseKey } from '../../model/phase.ts';
import { sampleQualities } from '../sampleQuality.ts';
import type { SampleQuality } from '../sampleQuality.ts';
import { suspicionsOf } from '../suspicion.ts';
import type { Suspicion } from '../suspicion.ts';
import type { TelemetrySamples } from '../telemetrySamples.ts';

/** One sample as drawn: output tokens predicted and used, and what it belongs to. Both numbers are positive. */
export interface ScatterPoint extends PhaseKey {
  readonly predicted: number;
  readonly actual: number;
  /** Index into the view's categories. */
  readonly category: number;
  readonly complexity: string;
  readonly deliverableCount: number;
  readonly model: string;
  readonly success: boolean;
  readonly truncated: boolean;
  readonly quality: SampleQuality;
  /** What speaks against it; empty unless it is suspect. */
  readonly reasons: readonly Suspicion[];
  /** The output limit it was sent with, in tokens; `null` where not known. */
  readonly limit: number | null;
  /** Whether run and phase are in the database, so that the phase can be opened. */
  readonly known: boolean;
}

/** Sample `at` as a point. */
export function scatterPoint(
  samples: TelemetrySamples,
  at: number,
  categories: readonly string[],
): ScatterPoint {
  const phase = samples.phases[samples.phase[at] ?? 0];
  const limit = samples.limit[at] ?? NaN;
  const quality = sampleQualities[samples.quality[at] ?? 0] ?? 'suspect';
  return {
    runId: phase?.runId ?? '',
    phaseId: phase?.phaseId ?? '',
    known: phase?.known ?? false,
    predicted: samples.predicted[at] ?? 0,
    actual: samples.actual[at] ?? 0,
    category: categories.indexOf(samples.categories[samples.category[at] ?? 0] ?? ''),
    complexity: samples.complexities[samples.complexity[at] ?? 0] ?? '',
    deliverableCount: samples.deliverableCount[at] ?? 0,
    model: samples.models[samples.model[at] ?? 0] ?? '',
    success: samples.success[at] === 1,
    truncated: samples.truncated[at] === 1,
    quality,
    reasons: quality === 'suspect' ? suspicionsOf(samples.suspicion[at] ?? 0) : [],
    limit: limit > 0 ? limit : null,
  };
}
