import { storedDeliverableMix } from './estimator/deliverableKind.ts';
import type { DeliverableMix } from './estimator/deliverableKind.ts';
import { Interner } from './interner.ts';
import { NumberColumn } from './numberColumn.ts';
import type { PhaseIndex, SampledPhase } from './phaseIndex.ts';
import { normaliseCategory, normaliseComplexity } from './sampleKind.ts';
import { sampleQualities, sampleQuality } from './sampleQuality.ts';

/** One sample as a source gives it: a prediction for a model call and what was used, in output tokens, NaN if unreadable. */
export interface TelemetrySample {
  readonly runId: string;
  readonly phaseId: string;
  readonly category: string | null;
  readonly complexity: string | null;
  readonly deliverableCount: number;
  readonly predicted: number;
  readonly actual: number;
  readonly success: boolean;
  readonly truncated: boolean;
  /** False only where the source has the field and it is empty. */
  readonly hasStopReason: boolean;
  readonly model: string;
  /** Milliseconds since the epoch. NaN or absent: not known, or not asked for. */
  readonly timestamp?: number;
  /** The output limit that was sent with the call, in tokens. NaN or absent: not known, or not asked for. */
  readonly limit?: number;
  /** The paths as a JSON list, as stored. `null` or absent: not known, or not asked for. */
  readonly deliverables?: string | null;
}

/**
 * Many samples, by column: millions fit in a few tens of MB. Every column is `count` long.
 * `category`, `complexity`, `model`, `phase`, `mix` and `quality` are indices into the list of that name.
 */
export interface TelemetrySamples {
  readonly count: number;
  readonly predicted: Float64Array;
  readonly actual: Float64Array;
  readonly category: Uint32Array;
  readonly complexity: Uint32Array;
  readonly deliverableCount: Uint32Array;
  readonly model: Uint32Array;
  readonly phase: Uint32Array;
  /** Milliseconds since the epoch, NaN where not known. */
  readonly timestamp: Float64Array;
  /** Output tokens, NaN where not known. */
  readonly limit: Float64Array;
  readonly mix: Uint32Array;
  /** Index into `sampleQualities`. */
  readonly quality: Uint8Array;
  /** 0 or 1. */
  readonly success: Uint8Array;
  /** 0 or 1. */
  readonly truncated: Uint8Array;
  readonly categories: readonly string[];
  readonly complexities: readonly string[];
  readonly models: readonly string[];
  readonly phases: readonly SampledPhase[];
  /** `null` stands for a mix that is not known. */
  readonly mixes: readonly (DeliverableMix | null)[];
}

const decimals = (length: number): Float64Array => new Float64Array(length);
const integers = (length: number): Uint32Array => new Uint32Array(length);
const bytes = (length: number): Uint8Array => new Uint8Array(length);

/** Collects samples one by one into columns. */
export class TelemetrySamplesBuilder {
  readonly #phases: PhaseIndex;
  readonly #categories = new Interner(normaliseCategory);
  readonly #complexities = new Interner(normaliseComplexity);
  readonly #models = new Interner((model) => model ?? 'unknown');
  readonly #predicted = new NumberColumn(decimals);
  readonly #actual = new NumberColumn(decimals);
  readonly #category = new NumberColumn(integers);
  readonly #complexity = new NumberColumn(integers);
  readonly #deliverableCount = new NumberColumn(integers);
  readonly #model = new NumberColumn(integers);
  readonly #phase = new NumberColumn(integers);
  readonly #timestamp = new NumberColumn(decimals);
  readonly #limit = new NumberColumn(decimals);
  readonly #mixes = new Interner((json) => JSON.stringify(storedDeliverableMix(json)));
  readonly #mix = new NumberColumn(integers);
  readonly #quality = new NumberColumn(bytes);
  readonly #success = new NumberColumn(bytes);
  readonly #truncated = new NumberColumn(bytes);

  /** `phases` holds the phases that exist: samples of others are orphans. */
  constructor(phases: PhaseIndex) {
    this.#phases = phases;
  }

  add(sample: TelemetrySample): void {
    const phase = this.#phases.indexOf(sample.runId, sample.phaseId);
    const quality = sampleQuality(sample, this.#phases.isKnown(phase));
    this.#predicted.push(sample.predicted);
    this.#actual.push(sample.actual);
    this.#category.push(this.#categories.index(sample.category));
    this.#complexity.push(this.#complexities.index(sample.complexity));
    this.#deliverableCount.push(Math.max(0, sample.deliverableCount));
    this.#model.push(this.#models.index(sample.model));
    this.#phase.push(phase);
    this.#timestamp.push(sample.timestamp ?? NaN);
    this.#limit.push(sample.limit ?? NaN);
    this.#mix.push(this.#mixes.index(sample.deliverables ?? null));
    this.#quality.push(sampleQualities.indexOf(quality));
    this.#success.push(Number(sample.success));
    this.#truncated.push(Number(sample.truncated));
  }

  /** The samples collected, without a copy: add no more afterwards. */
  build(): TelemetrySamples {
    const predicted = this.#predicted.view();
    return {
      count: predicted.length,
      predicted,
      actual: this.#actual.view(),
      category: this.#category.view(),
      complexity: this.#complexity.view(),
      deliverableCount: this.#deliverableCount.view(),
      model: this.#model.view(),
      phase: this.#phase.view(),
      timestamp: this.#timestamp.view(),
      limit: this.#limit.view(),
      mix: this.#mix.view(),
      quality: this.#quality.view(),
      success: this.#success.view(),
      truncated: this.#truncated.view(),
      categories: this.#categories.names(),
      complexities: this.#complexities.names(),
      models: this.#models.names(),
      phases: this.#phases.phases(),
      mixes: this.#mixes.names().map((name) => JSON.parse(name) as DeliverableMix | null),
    };
  }
}
