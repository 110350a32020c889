import type { DeliverableMix } from './estimator/deliverableKind.ts';
import type { FinishKind } from './finishReason.ts';
import type { SampledPhase } from './phaseIndex.ts';

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
