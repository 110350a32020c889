import { sampleQualities } from '../samples/sampleQuality.ts';
import { describeSample, type SuspectSample } from '../samples/suspects.ts';
import type { TelemetrySamples } from '../samples/telemetrySamples.ts';

/** A suspect sample, and whether its phase can be opened. */
export interface SuspectRow extends SuspectSample {
  /** Whether run and phase are in the database. */
  readonly known: boolean;
}

/** The most suspect samples a view lists: more are for an export. */
const mostSuspects = 500;

const suspect = sampleQualities.indexOf('suspect');

/** The first suspect samples that `wanted` picks, in the order of their source. */
export function suspectRows(
  samples: TelemetrySamples,
  wanted: (at: number) => boolean,
  most = mostSuspects,
): readonly SuspectRow[] {
  const rows: SuspectRow[] = [];
  for (let at = 0; at < samples.count && rows.length < most; at += 1) {
    if (samples.quality[at] !== suspect || !wanted(at)) continue;
    const known = samples.phases[samples.phase[at] ?? 0]?.known ?? false;
    rows.push({ ...describeSample(samples, at), known });
  }
  return rows;
}
