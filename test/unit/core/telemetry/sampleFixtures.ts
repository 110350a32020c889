import { PhaseIndex } from '../../../../src/core/telemetry/samples/phaseIndex.ts';
import {
  TelemetrySamplesBuilder,
  type TelemetrySample,
  type TelemetrySamples,
} from '../../../../src/core/telemetry/samples/telemetrySamples.ts';

/** A clean sample, but for what the test says: 1,000 tokens predicted, 800 used. */
export function sample(but: Partial<TelemetrySample> = {}): TelemetrySample {
  return {
    runId: 'run',
    phaseId: 'phase',
    category: 'implementation',
    complexity: 'low',
    deliverableCount: 1,
    predicted: 1000,
    actual: 800,
    success: true,
    truncated: false,
    hasStopReason: true,
    model: 'some-model',
    ...but,
  };
}

/** Samples in columns; the phase `run/phase` exists, others do not. */
export function samplesOf(...list: readonly TelemetrySample[]): TelemetrySamples {
  const phases = new PhaseIndex();
  phases.addKnown({ runId: 'run', phaseId: 'phase' });
  const builder = new TelemetrySamplesBuilder(phases);
  for (const one of list) builder.add(one);
  return builder.build();
}

/** Samples in columns, whose phases all exist. */
export function samplesOfPhases(...list: readonly TelemetrySample[]): TelemetrySamples {
  const phases = new PhaseIndex();
  for (const { runId, phaseId } of list) phases.addKnown({ runId, phaseId });
  const builder = new TelemetrySamplesBuilder(phases);
  for (const one of list) builder.add(one);
  return builder.build();
}
