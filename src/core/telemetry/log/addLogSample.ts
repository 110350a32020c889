import { finishKind } from '../finishReason.ts';
import type { PhaseIndex } from '../phaseIndex.ts';
import { suspicionBit } from '../suspicion.ts';
import type { TelemetrySamplesBuilder } from '../telemetrySamplesBuilder.ts';
import type { UniqueLogSample } from './uniqueLogSamples.ts';

/**
 * Adds a call that only a log tells of. Logs do not name phases, so it stands for one by itself. What its format does not
 * tell is held against it, for a sample is evidence only where its success is known; a fallback's total is no output.
 */
export function addLogSample(
  builder: TelemetrySamplesBuilder,
  phases: PhaseIndex,
  sample: UniqueLogSample,
): void {
  const incomplete = sample.success === null ? suspicionBit('incomplete') : 0;
  const total = sample.format === 'fallback' ? suspicionBit('total-tokens') : 0;
  builder.addNumbered({
    phase: phases.addLogged(sample.log, sample.line),
    category: builder.categories.index(sample.category),
    complexity: builder.complexities.index(sample.complexity),
    model: builder.models.index(sample.model),
    mix: builder.mixes.index(null),
    deliverableCount: sample.deliverableCount ?? 0,
    predicted: sample.predicted,
    actual: sample.actual,
    success: sample.success ?? false,
    truncated: sample.truncated ?? false,
    // The first format has no such field.
    finish: sample.format === 'v1' ? 'complete' : finishKind(sample.stopReason),
    timestamp: sample.timestamp ?? NaN,
    limit: NaN,
    budget: sample.selectedBudget ?? NaN,
    suspicion: incomplete | total,
  });
}
