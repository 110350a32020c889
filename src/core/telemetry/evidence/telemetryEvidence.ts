import { compareText } from '../sampleKind.ts';
import type { TelemetrySamples } from '../telemetrySamples.ts';
import { describeRatios, describeRatiosByModel, type DescribeRatios } from './describeRatios.ts';
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
  return beginEvidence(samples, wanted)();
}

/** The same in two steps: what it returns waits for what `describe` does on another thread. */
export function beginEvidence(
  samples: TelemetrySamples,
  wanted?: (at: number) => boolean,
  describe: DescribeRatios = describeHere,
): () => TelemetryEvidence | null {
  const evidence = evidenceSamples(samples, wanted);
  if (evidence.clean.length + evidence.truncated.length === 0) return () => null;
  const ratios = describe(samples, evidence);
  const drift = findDrift(samples, evidence.clean);
  const parts = partsByModel(samples, evidence);
  const rates = parts.map(({ own }) => new EvidenceRates(samples, own));
  const [only] = rates;
  const total = only !== undefined && rates.length === 1 ? only : new EvidenceRates(samples);
  if (total !== only) for (const one of rates) total.addAll(one);
  const risks = total.risks();
  const ofModels = rates.map((one) => (one === total ? risks : one.risks()));
  return () => {
    const distributions = ratios();
    const models = parts.flatMap(({ model, number }, index): ModelEvidence[] => {
      const own = ofModels[index];
      return own === undefined ? [] : [{ model, ...own, ratio: distributions.models[number] ?? null }];
    });
    return {
      ...risks,
      ratio: distributions.all,
      models: models.sort((a, b) => compareText(a.model, b.model)),
      drift,
    };
  };
}

const describeHere: DescribeRatios = (columns, evidence) => () => describeRatiosByModel(columns, evidence);

/** The figures over a choice of samples. */
export function evidenceFigures(samples: TelemetrySamples, chosen: EvidenceSamples): EvidenceFigures {
  return { ...new EvidenceRates(samples, chosen).risks(), ratio: describeRatios(samples, chosen) };
}

/** How often each of the risks came true. */
class EvidenceRates {
  readonly #under: PhaseRateTally;
  readonly #truncation: PhaseRateTally;
  readonly #budget: PhaseRateTally;

  constructor(samples: TelemetrySamples, chosen: EvidenceSamples = { clean: none, truncated: none }) {
    const { phase, actual, predicted, limit, phases } = samples;
    this.#under = new PhaseRateTally(phases.length);
    this.#truncation = new PhaseRateTally(phases.length);
    this.#budget = new PhaseRateTally(phases.length);
    for (const at of chosen.clean) {
      const [own = 0, used = NaN, sent = NaN] = [phase[at], actual[at], limit[at]];
      this.#under.add(own, used > (predicted[at] ?? NaN));
      this.#truncation.add(own, false);
      if (sent > 0) this.#budget.add(own, used > sent);
    }
    for (const at of chosen.truncated) {
      const own = phase[at] ?? 0;
      this.#truncation.add(own, true);
      if ((limit[at] ?? NaN) > 0) this.#budget.add(own, true);
    }
  }

  addAll(other: EvidenceRates): void {
    this.#under.addAll(other.#under);
    this.#truncation.addAll(other.#truncation);
    this.#budget.addAll(other.#budget);
  }

  risks(): Omit<EvidenceFigures, 'ratio'> {
    return {
      underestimation: this.#under.risk(),
      truncation: this.#truncation.risk(),
      budgetRisk: this.#budget.risk(),
    };
  }
}

/** The evidence of one model. */
interface ModelPart {
  readonly model: string;
  readonly number: number;
  readonly own: EvidenceSamples;
}

function partsByModel(samples: TelemetrySamples, evidence: EvidenceSamples): readonly ModelPart[] {
  const [clean, truncated] = [byModel(samples, evidence.clean), byModel(samples, evidence.truncated)];
  return samples.models.flatMap((model, number) => {
    const own = { clean: clean[number] ?? none, truncated: truncated[number] ?? none };
    return own.clean.length + own.truncated.length === 0 ? [] : [{ model, number, own }];
  });
}

const none = new Uint32Array();

/** The samples of each model, parts of one array. */
function byModel({ model, models }: TelemetrySamples, indices: Uint32Array): readonly Uint32Array[] {
  if (models.length === 1) return [indices];
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
