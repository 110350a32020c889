import { isAtLimit, type FinishKind } from '../../model/finishReason.ts';
import { normaliseCategory, normaliseComplexity } from '../../model/sampleKind.ts';
import { storedDeliverableMix, type DeliverableMix } from '../estimator/deliverableKind.ts';
import { Interner, NumberColumn } from './columns.ts';
import { isOrphaned, type SampledPhase, type PhaseIndex } from './phaseIndex.ts';
import {
  countSuspicion,
  finishSuspicion,
  sampleQualities,
  sampleQuality,
  syntheticModel,
  suspicionBit,
  type Suspicion,
} from './sampleQuality.ts';

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
  /** What the stop reason says; absent: the output is complete where there is a reason. */
  readonly finish?: FinishKind;
  readonly model: string;
  /** Milliseconds since the epoch. NaN or absent: not known, or not asked for. */
  readonly timestamp?: number;
  /** The output limit that was sent with the call, in tokens. NaN or absent: not known, or not asked for. */
  readonly limit?: number;
  /** The paths as a JSON list, as stored. `null` or absent: not known, or not asked for. */
  readonly deliverables?: string | null;
  /** Bits of `suspicionBit` that the source itself gives reason for; none if absent. */
  readonly suspicion?: number;
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
  /** Bits of `suspicionBit`: everything that speaks against a sample, whatever its class. */
  readonly suspicion: Uint16Array;
  /** 0 or 1. */
  readonly success: Uint8Array;
  /** 0 or 1; 1 also where the stop reason or an output at the limit shows what the source's own flag does not. */
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
const bits = (length: number): Uint16Array => new Uint16Array(length);
/** More tokens than any call can have, be they a mistake of a writer or of an addition: taken as unreadable. */
export const mostTokens = 1e9;
/** More deliverables than any phase can have. */
export const mostDeliverables = 1e6;
/** The latest and, negated, the earliest time a date can stand for: https://tc39.es/ecma262/#sec-time-values-and-time-range */
export const furthestTime = 8.64e15;

/** A number within bounds, NaN where it is beyond them: infinite, absurd, or none. */
export function bounded(value: number, most: number): number {
  return Math.abs(value) <= most ? value : NaN;
}

const categoryConflict = suspicionBit('category-conflict');

/** A sample whose texts are numbers already: `category`, `complexity`, `model` and `mix` of the builder's interners. */
export interface NumberedSample {
  /** Of the builder's phase index. */
  readonly phase: number;
  readonly category: number;
  readonly complexity: number;
  readonly model: number;
  readonly mix: number;
  readonly deliverableCount: number;
  readonly predicted: number;
  readonly actual: number;
  readonly success: boolean;
  readonly truncated: boolean;
  /** `complete` where the source has no such field. */
  readonly finish: FinishKind;
  readonly timestamp: number;
  /** The output limit that was sent, and the budget that was chosen; NaN where not known. */
  readonly limit: number;
  readonly budget: number;
  readonly suspicion: number;
}

/** The name of a stored model. */
export function modelName(stored: string | null): string {
  return stored ?? 'unknown';
}

/** The mix of a stored list of paths, as JSON, so that equal mixes have one key. */
export function deliverableMixKey(stored: string | null): string {
  return JSON.stringify(storedDeliverableMix(stored));
}

/** Collects samples one by one into columns. */
export class TelemetrySamplesBuilder {
  readonly categories = new Interner(normaliseCategory);
  readonly complexities = new Interner(normaliseComplexity);
  readonly models = new Interner(modelName);
  /** Of lists of paths as JSON. */
  readonly mixes = new Interner(deliverableMixKey);
  readonly #phases: PhaseIndex;
  readonly #predicted = new NumberColumn(decimals);
  readonly #actual = new NumberColumn(decimals);
  readonly #category = new NumberColumn(integers);
  readonly #complexity = new NumberColumn(integers);
  readonly #deliverableCount = new NumberColumn(integers);
  readonly #model = new NumberColumn(integers);
  readonly #phase = new NumberColumn(integers);
  readonly #timestamp = new NumberColumn(decimals);
  readonly #limit = new NumberColumn(decimals);
  readonly #mix = new NumberColumn(integers);
  readonly #suspicion = new NumberColumn(bits);
  readonly #quality = new NumberColumn(bytes);
  readonly #success = new NumberColumn(bytes);
  readonly #truncated = new NumberColumn(bytes);

  /** `phases` holds the phases that exist: samples of others are orphans. */
  constructor(phases: PhaseIndex) {
    this.#phases = phases;
  }

  add(sample: TelemetrySample): void {
    this.addNumbered({
      ...sample,
      phase: this.#phases.indexOf(sample.runId, sample.phaseId),
      category: this.categories.index(sample.category),
      complexity: this.complexities.index(sample.complexity),
      model: this.models.index(sample.model),
      mix: this.mixes.index(sample.deliverables ?? null),
      timestamp: sample.timestamp ?? NaN,
      limit: sample.limit ?? NaN,
      budget: NaN,
      finish: sample.hasStopReason ? (sample.finish ?? 'complete') : 'none',
      suspicion: sample.suspicion ?? 0,
    });
  }

  /** The same, where millions of samples come with the numbers of their texts. The object is not kept. */
  addNumbered(sample: NumberedSample): void {
    const { phase, success, finish } = sample;
    // Whatever a source holds, what follows computes with these alone.
    const predicted = bounded(sample.predicted, mostTokens);
    const actual = bounded(sample.actual, mostTokens);
    const limit = bounded(sample.limit, mostTokens);
    const budget = bounded(sample.budget, mostTokens);
    const deliverables = bounded(sample.deliverableCount, mostDeliverables);
    const atLimit = isAtLimit(actual, limit, budget);
    const truncated = sample.truncated || atLimit || finish === 'cut-off';
    const suspicion =
      sample.suspicion |
      countSuspicion(predicted, actual, limit) |
      finishSuspicion(finish, atLimit) |
      this.#categorySuspicion(phase, sample.category);
    const quality = sampleQuality({
      synthetic: this.models.name(sample.model) === syntheticModel,
      success,
      truncated,
      suspicion,
      orphaned: this.#phases.isOrphaned(phase),
    });
    this.#predicted.push(predicted);
    this.#actual.push(actual);
    this.#category.push(sample.category);
    this.#complexity.push(sample.complexity);
    this.#deliverableCount.push(Number.isNaN(deliverables) ? 0 : Math.max(0, deliverables));
    this.#model.push(sample.model);
    this.#phase.push(phase);
    this.#timestamp.push(bounded(sample.timestamp, furthestTime));
    // A budget that was selected may have been raised before it was sent, so it stands for no limit.
    this.#limit.push(limit);
    this.#mix.push(sample.mix);
    this.#suspicion.push(suspicion);
    this.#quality.push(sampleQualities.indexOf(quality));
    this.#success.push(Number(success));
    this.#truncated.push(Number(truncated));
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
      suspicion: this.#suspicion.view(),
      quality: this.#quality.view(),
      success: this.#success.view(),
      truncated: this.#truncated.view(),
      categories: this.categories.names(),
      complexities: this.complexities.names(),
      models: this.models.names(),
      phases: this.#phases.phases(),
      mixes: this.mixes.names().map((name) => JSON.parse(name) as DeliverableMix | null),
    };
  }

  /** A category that either side does not tell contradicts nothing. */
  #categorySuspicion(phase: number, category: number): number {
    const ofPhase = this.#phases.categoryOf(phase);
    const own = this.categories.name(category);
    return ofPhase === null || own === ofPhase || own === 'unknown' ? 0 : categoryConflict;
  }
}

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
