import { compareText } from '../sampleKind.ts';
import type { TelemetrySamples } from '../telemetrySamples.ts';
import { describeRatios } from './describeRatios.ts';
import type { DriftFigures } from './driftFigures.ts';
import { type EvidenceSamples, evidenceSamples } from './evidenceSamples.ts';
import { findDrift } from './findDrift.ts';
import type { RatioDistribution } from './ratioDistribution.ts';
import { PhaseRateTally, type RiskInterval } from './riskInterval.ts';

/** What the real samples bear out, with how sure that is; each is `null` without a sample. */
export interface EvidenceFigures {
  /** Of the clean samples: used more than predicted. */
  readonly underestimation: RiskInterval | null;
  /** Of the clean and the truncated samples: cut off at the limit. */
  readonly truncation: RiskInterval | null;
  /** Of those whose limit is recorded: needed more than the limit sent with the call. */
  readonly budgetRisk: RiskInterval | null;
  /** actual / predicted. */
  readonly ratio: RatioDistribution | null;
}

/** The figures of one model. */
export interface ModelEvidence extends EvidenceFigures {
  readonly model: string;
}

/** How sure the figures of an analysis are, whether models differ, and whether anything changed over time. */
export interface TelemetryEvidence extends EvidenceFigures {
  /** Sorted by name; those with real samples. */
  readonly models: readonly ModelEvidence[];
  readonly drift: DriftFigures;
}

/**
 * Figures with intervals over clean samples, corrected by what truncated ones tell; `null` where there are neither.
 * `wanted` narrows them down.
 */
export function telemetryEvidence(
  samples: TelemetrySamples,
  wanted?: (at: number) => boolean,
): TelemetryEvidence | null {
  const evidence = evidenceSamples(samples, wanted);
  if (evidence.clean.length + evidence.truncated.length === 0) return null;
  const all = evidenceFigures(samples, evidence);
  return {
    ...all,
    models: modelEvidence(samples, evidence, all),
    drift: findDrift(samples, evidence.clean),
  };
}

/** The figures over a choice of samples. */
export function evidenceFigures(samples: TelemetrySamples, chosen: EvidenceSamples): EvidenceFigures {
  const { phase, actual, predicted, limit, phases } = samples;
  const under = new PhaseRateTally(phases.length);
  const truncation = new PhaseRateTally(phases.length);
  const budget = new PhaseRateTally(phases.length);
  for (const at of chosen.clean) {
    const [own = 0, used = NaN, sent = NaN] = [phase[at], actual[at], limit[at]];
    under.add(own, used > (predicted[at] ?? NaN));
    truncation.add(own, false);
    if (sent > 0) budget.add(own, used > sent);
  }
  for (const at of chosen.truncated) {
    const own = phase[at] ?? 0;
    truncation.add(own, true);
    if ((limit[at] ?? NaN) > 0) budget.add(own, true);
  }
  return {
    underestimation: under.risk(),
    truncation: truncation.risk(),
    budgetRisk: budget.risk(),
    ratio: describeRatios(samples, chosen),
  };
}

/** `all` are the figures of all models together: with one, they are its own. */
function modelEvidence(
  samples: TelemetrySamples,
  { clean, truncated }: EvidenceSamples,
  all: EvidenceFigures,
): ModelEvidence[] {
  const [known, cut] = [clean, truncated].map((indices) => byModel(samples, indices));
  const occurring = samples.models.flatMap((model, index) => {
    const own = { clean: known?.[index] ?? none, truncated: cut?.[index] ?? none };
    return own.clean.length + own.truncated.length === 0 ? [] : [{ model, own }];
  });
  return occurring
    .map(({ model, own }) => ({
      model,
      ...(occurring.length === 1 ? all : evidenceFigures(samples, own)),
    }))
    .sort((a, b) => compareText(a.model, b.model));
}

const none = new Uint32Array();

/** The samples of each model, parts of one array. */
function byModel({ model, models }: TelemetrySamples, indices: Uint32Array): readonly Uint32Array[] {
  const ends = new Uint32Array(models.length + 1);
  for (const at of indices) ends[(model[at] ?? 0) + 1] = (ends[(model[at] ?? 0) + 1] ?? 0) + 1;
  for (let index = 1; index < ends.length; index += 1)
    ends[index] = (ends[index] ?? 0) + (ends[index - 1] ?? 0);
  const starts = ends.slice();
  const sorted = new Uint32Array(indices.length);
  for (const at of indices) {
    const own = model[at] ?? 0;
    const place = starts[own] ?? 0;
    sorted[place] = at;
    starts[own] = place + 1;
  }
  return models.map((_, index) => sorted.subarray(ends[index], ends[index + 1]));
}
