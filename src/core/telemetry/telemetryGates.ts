import { counted, formatCount } from '../text/quantities.ts';
import type { QualityCounts } from './sampleQuality.ts';
import type { SampleTally } from './sampleTally.ts';
import type { TelemetryGate } from './telemetryAnalysis.ts';

/** The reference's targets: rates in percent, and how many clean samples a calibration needs. */
export const telemetryLimits = { underestimationPct: 5, truncationPct: 2, cleanSamples: 20 } as const;

/** The conditions for tuning anything, judged on the analysed samples that are real, and on all clean ones. */
export function telemetryGates(
  real: SampleTally,
  quality: QualityCounts,
  tolerance: number,
): readonly TelemetryGate[] {
  const risk = real.risk();
  const untold = real.told < real.samples ? ' that tell it' : '';
  const used = tolerance === 1 ? 'Used more than predicted' : `Used more than ${tolerance} x the prediction`;
  return [
    rateGate(real.samples, {
      id: 'underestimation',
      label: 'Underestimation',
      value: risk.underestimationRatePct,
      limit: telemetryLimits.underestimationPct,
      found: `${used}: ${formatCount(risk.underestimationCount)} of ${counted(real.samples, 'real sample')}.`,
    }),
    rateGate(real.samples, {
      id: 'truncation',
      label: 'Truncation',
      value: risk.truncationRatePct,
      limit: telemetryLimits.truncationPct,
      found:
        real.told === 0
          ? 'No real sample tells whether it was cut off.'
          : `Cut off at the limit: ${formatCount(risk.truncationCount)} of ${counted(real.told, 'real sample')}${untold}.`,
    }),
    cleanGate(quality),
  ];
}

interface RateFinding extends Pick<TelemetryGate, 'id' | 'label' | 'value' | 'limit'> {
  readonly found: string;
}

function rateGate(samples: number, { id, label, value, limit, found }: RateFinding): TelemetryGate {
  const detail = samples === 0 ? 'No real sample to judge by; synthetic ones do not count.' : found;
  const passed = value !== null && value <= limit;
  return { id, label, value, limit, comparison: 'at-most', unit: 'percent', passed, detail };
}

function cleanGate(quality: QualityCounts): TelemetryGate {
  const { clean, synthetic } = quality;
  const limit = telemetryLimits.cleanSamples;
  const missing = limit - clean;
  const found =
    missing > 0
      ? `${counted(missing, 'more clean sample')} needed before anything is tuned.`
      : 'Enough clean samples to propose a calibration.';
  const left = synthetic === 0 ? '' : ` ${counted(synthetic, 'synthetic sample')} left out.`;
  return {
    id: 'clean-samples',
    label: 'Clean samples',
    value: clean,
    limit,
    comparison: 'at-least',
    unit: 'samples',
    passed: clean >= limit,
    detail: found + left,
  };
}
