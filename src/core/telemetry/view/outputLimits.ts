import type { TelemetrySamples } from '../telemetrySamples.ts';

/** An output limit in tokens, and how many of the samples were sent with it. */
export interface OutputLimit {
  readonly tokens: number;
  readonly samples: number;
}

/** More lines than this would hide what they stand for. */
const mostLimits = 3;
/** A rarer limit is no line for all, and stands with its samples only. */
const leastShare = 0.1;

/** The limits that many of the samples share, most common first; `chosen` are indices. */
export function commonLimits({ limit }: TelemetrySamples, chosen: Uint32Array): OutputLimit[] {
  const counts = new Map<number, number>();
  for (const at of chosen) {
    const tokens = limit[at] ?? NaN;
    if (tokens > 0) counts.set(tokens, (counts.get(tokens) ?? 0) + 1);
  }
  return Array.from(counts, ([tokens, samples]) => ({ tokens, samples }))
    .filter(({ samples }) => samples >= chosen.length * leastShare)
    .sort((a, b) => b.samples - a.samples || a.tokens - b.tokens)
    .slice(0, mostLimits);
}
