import { t } from '../../text/l10n.ts';
import { counted, formatCount } from '../../text/quantities.ts';
import { sampleQualities, suspicionBit, type QualityCounts } from '../samples/sampleQuality.ts';
import type { TelemetrySamples } from '../samples/telemetrySamples.ts';
import type { TelemetryGate, RiskFigures } from './telemetryAnalysis.ts';

/** Autopack's targets: rates in percent, and how many phases with a clean sample a calibration needs. */
export const telemetryLimits = { underestimationPct: 5, truncationPct: 2, cleanPhases: 20 } as const;

/** What the gates are judged on. */
export interface GateTallies {
  /** Analysed samples that are real. */
  readonly real: SampleTally;
  /** All real samples, of failed phases too. */
  readonly every: SampleTally;
  /** Phases with a clean sample. */
  readonly cleanPhases: number;
}

/** The conditions for tuning anything; truncation is judged over all real calls, always. */
export function telemetryGates(
  { real, every, cleanPhases }: GateTallies,
  quality: QualityCounts,
  tolerance: number,
): readonly TelemetryGate[] {
  const risk = real.risk();
  const cut = every.risk();
  const used =
    tolerance === 1 ? t`Used more than predicted` : t`Used more than ${tolerance} x the prediction`;
  return [
    rateGate(real.samples, {
      id: 'underestimation',
      label: t`Underestimation`,
      value: risk.underestimationRatePct,
      limit: telemetryLimits.underestimationPct,
      found: t`${used}: ${formatCount(risk.underestimationCount)} of ${counted(real.samples, 'real sample')}.`,
    }),
    rateGate(every.samples, {
      id: 'truncation',
      label: t`Truncation`,
      value: cut.truncationRatePct,
      limit: telemetryLimits.truncationPct,
      found:
        every.known === 0
          ? t`No real sample says whether it was cut off.`
          : every.known < every.samples
            ? t`Cut off at the limit: ${formatCount(cut.truncationCount)} of ${counted(every.known, 'real call')} with a known outcome, failed phases included.`
            : t`Cut off at the limit: ${formatCount(cut.truncationCount)} of ${counted(every.known, 'real call')}, failed phases included.`,
    }),
    cleanGate(cleanPhases, quality),
  ];
}

interface RateFinding extends Pick<TelemetryGate, 'id' | 'label' | 'value' | 'limit'> {
  readonly found: string;
}

function rateGate(samples: number, { id, label, value, limit, found }: RateFinding): TelemetryGate {
  const detail = samples === 0 ? t`No real sample to judge by; synthetic ones do not count.` : found;
  const passed = value !== null && value <= limit;
  return { id, label, value, limit, comparison: 'at-most', unit: 'percent', passed, detail };
}

function cleanGate(phases: number, { clean, synthetic }: QualityCounts): TelemetryGate {
  const limit = telemetryLimits.cleanPhases;
  const missing = limit - phases;
  const found =
    missing > 0
      ? t`${counted(missing, 'more phase')} with a clean sample needed before anything is tuned.`
      : t`Enough for a calibration to be tried.`;
  const repeats = clean > phases ? t` ${counted(clean, 'clean sample')}; repeats of a phase count once.` : '';
  const left = synthetic === 0 ? '' : t` ${counted(synthetic, 'synthetic sample')} left out.`;
  return {
    id: 'clean-samples',
    label: t`Phases with clean samples`,
    value: phases,
    limit,
    comparison: 'at-least',
    unit: 'phases',
    passed: phases >= limit,
    detail: found + repeats + left,
  };
}

const synthetic = sampleQualities.indexOf('synthetic');
const clean = sampleQualities.indexOf('clean');
const incomplete = suspicionBit('incomplete');

/** Counts samples, and how often the budget would have been too small. */
export class SampleTally {
  samples = 0;
  synthetic = 0;
  clean = 0;
  /** How many tell whether they were cut off, and whether their phase succeeded. */
  known = 0;
  #underestimated = 0;
  #truncated = 0;

  /** Counts sample `at`; `tolerance` is the multiplier above which it is underestimated. */
  add(samples: TelemetrySamples, at: number, tolerance: number): void {
    const quality = samples.quality[at];
    this.samples += 1;
    if (quality === synthetic) this.synthetic += 1;
    if (quality === clean) this.clean += 1;
    if (isOutcomeKnown(samples, at)) this.known += 1;
    if ((samples.actual[at] ?? NaN) > (samples.predicted[at] ?? NaN) * tolerance) this.#underestimated += 1;
    if (samples.truncated[at] === 1) this.#truncated += 1;
  }

  /** Counts what another tally has counted. */
  addAll(other: SampleTally): void {
    this.samples += other.samples;
    this.synthetic += other.synthetic;
    this.clean += other.clean;
    this.known += other.known;
    this.#underestimated += other.#underestimated;
    this.#truncated += other.#truncated;
  }

  get nonTruncated(): number {
    return this.samples - this.#truncated;
  }

  risk(): RiskFigures {
    return {
      underestimationRatePct: percent(this.#underestimated, this.samples),
      underestimationCount: this.#underestimated,
      truncationRatePct: percent(this.#truncated, this.known),
      truncationCount: this.#truncated,
    };
  }
}

/** Whether the source of sample `at` tells if it was cut off, and if its phase succeeded: logs of the first format do not. */
export function isOutcomeKnown(samples: TelemetrySamples, at: number): boolean {
  return ((samples.suspicion[at] ?? 0) & incomplete) === 0;
}

/** `part` in percent of `whole`, or `null` of nothing. */
export function percent(part: number, whole: number): number | null {
  return whole === 0 ? null : (100 * part) / whole;
}
