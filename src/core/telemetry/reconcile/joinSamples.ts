import type { SampledPhase } from '../phaseIndex.ts';
import type { DeliverableMix } from '../estimator/deliverableKind.ts';
import type { TelemetrySamples } from '../telemetrySamples.ts';

/** Two sets of samples as one, the first ones first, with what speaks against them. */
export function joinSamples(first: TelemetrySamples, second: TelemetrySamples): TelemetrySamples {
  if (second.count === 0) return first;
  if (first.count === 0) return second;
  const categories = joinNames(first.categories, second.categories);
  const complexities = joinNames(first.complexities, second.complexities);
  const models = joinNames(first.models, second.models);
  const phaseShift = first.phases.length;
  const mixShift = first.mixes.length;
  return {
    count: first.count + second.count,
    predicted: joinDecimals(first.predicted, second.predicted),
    actual: joinDecimals(first.actual, second.actual),
    timestamp: joinDecimals(first.timestamp, second.timestamp),
    limit: joinDecimals(first.limit, second.limit),
    category: joinIndices(first.category, second.category, categories.map),
    complexity: joinIndices(first.complexity, second.complexity, complexities.map),
    model: joinIndices(first.model, second.model, models.map),
    phase: joinIndices(first.phase, second.phase, (index) => index + phaseShift),
    mix: joinIndices(first.mix, second.mix, (index) => index + mixShift),
    deliverableCount: joinIndices(first.deliverableCount, second.deliverableCount, (count) => count),
    quality: joinBytes(first.quality, second.quality),
    suspicion: joinBits(first.suspicion, second.suspicion),
    success: joinBytes(first.success, second.success),
    truncated: joinBytes(first.truncated, second.truncated),
    categories: categories.names,
    complexities: complexities.names,
    models: models.names,
    phases: [...first.phases, ...second.phases] satisfies readonly SampledPhase[],
    mixes: [...first.mixes, ...second.mixes] satisfies readonly (DeliverableMix | null)[],
  };
}

function joinNames(first: readonly string[], second: readonly string[]) {
  const names = [...first, ...second.filter((name) => !first.includes(name))];
  const numbers = second.map((name) => names.indexOf(name));
  return { names, map: (index: number): number => numbers[index] ?? 0 };
}

function joinDecimals(first: Float64Array, second: Float64Array): Float64Array {
  const joined = new Float64Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}

function joinBytes(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}

function joinBits(first: Uint16Array, second: Uint16Array): Uint16Array {
  const joined = new Uint16Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}

function joinIndices(first: Uint32Array, second: Uint32Array, map: (index: number) => number): Uint32Array {
  const joined = new Uint32Array(first.length + second.length);
  joined.set(first);
  joined.set(second.map(map), first.length);
  return joined;
}
