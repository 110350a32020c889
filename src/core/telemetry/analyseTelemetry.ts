import { compareComplexity, compareText, deliverableBucket, deliverableBuckets } from './sampleKind.ts';
import { sampleQualities } from './sampleQuality.ts';
import { countSuspicions } from './suspects.ts';
import { percent, RiskTally, SampleTally } from './sampleTally.ts';
import { defaultTelemetryOptions } from './telemetryAnalysis.ts';
import type { TelemetryAnalysis, TelemetryGroup, TelemetryOptions } from './telemetryAnalysis.ts';
import { telemetryGates } from './telemetryGates.ts';
import type { TelemetrySamples } from './telemetrySamples.ts';

const synthetic = sampleQualities.indexOf('synthetic');

/**
 * The figures of the samples: risk, cost, diagnostics, groups and gates. One pass; figures without samples are `null`.
 * `isSelected` picks the samples, by index, that all of this is about.
 */
export function analyseTelemetry(
  samples: TelemetrySamples,
  chosen: TelemetryOptions,
  isSelected: (at: number) => boolean = () => true,
): TelemetryAnalysis {
  const options = { ...defaultTelemetryOptions, ...chosen } as const;
  const all = new SampleTally();
  const real = new RiskTally();
  const groups = new GroupTallies(samples, options.stratify);
  const quality = { synthetic: 0, failed: 0, truncated: 0, suspect: 0, orphaned: 0, clean: 0 };
  let [selected, succeeded] = [0, 0];
  for (let at = 0; at < samples.count; at += 1) {
    if (!isSelected(at)) continue;
    selected += 1;
    succeeded += samples.success[at] ?? 0;
    quality[sampleQualities[samples.quality[at] ?? 0] ?? 'suspect'] += 1;
    if (!isAnalysed(samples, at, options)) continue;
    all.add(samples, at, options.underMultiplier);
    groups.at(at).add(samples, at, options.underMultiplier);
    if (samples.quality[at] !== synthetic) real.add(samples, at, options.underMultiplier);
  }
  return {
    options,
    samples: selected,
    analysed: all.samples,
    synthetic: quality.synthetic,
    quality,
    suspicions: countSuspicions(samples, isSelected),
    tier1: { ...all.risk(), successRatePct: percent(succeeded, selected) },
    tier2: all.cost(),
    diagnostic: all.diagnostic(),
    groups: groups.figures(),
    gates: telemetryGates(real, quality, options.underMultiplier),
  };
}

/** Whether the figures are to be over sample `at`. */
export function isAnalysed(samples: TelemetrySamples, at: number, options: TelemetryOptions): boolean {
  if (options.successOnly && samples.success[at] !== 1) return false;
  return options.includeSynthetic !== false || samples.quality[at] !== synthetic;
}

/** One tally for each kind of phase that occurs. */
class GroupTallies {
  readonly #samples: TelemetrySamples;
  readonly #stratify: boolean;
  readonly #tallies = new Map<number, SampleTally>();

  constructor(samples: TelemetrySamples, stratify: boolean) {
    this.#samples = samples;
    this.#stratify = stratify;
  }

  at(at: number): SampleTally {
    const { category, complexity, complexities, deliverableCount } = this.#samples;
    const bucket = this.#stratify
      ? deliverableBuckets.indexOf(deliverableBucket(deliverableCount[at] ?? 0))
      : 0;
    const kind =
      ((category[at] ?? 0) * complexities.length + (complexity[at] ?? 0)) * deliverableBuckets.length;
    const key = kind + bucket;
    let tally = this.#tallies.get(key);
    if (tally === undefined) this.#tallies.set(key, (tally = new SampleTally()));
    return tally;
  }

  figures(): TelemetryGroup[] {
    return [...this.#tallies].map(([key, tally]) => this.#group(key, tally)).sort(compareGroups);
  }

  #group(key: number, tally: SampleTally): TelemetryGroup {
    const { categories, complexities } = this.#samples;
    const kind = Math.floor(key / deliverableBuckets.length);
    const bucket = deliverableBuckets[key % deliverableBuckets.length] ?? null;
    return {
      category: categories[Math.floor(kind / complexities.length)] ?? 'unknown',
      complexity: complexities[kind % complexities.length] ?? 'unknown',
      deliverables: this.#stratify ? bucket : null,
      samples: tally.samples,
      synthetic: tally.synthetic,
      clean: tally.clean,
      ...tally.risk(),
      ...tally.cost(),
      ...tally.diagnostic(),
    };
  }
}

function compareGroups(a: TelemetryGroup, b: TelemetryGroup): number {
  return (
    compareText(a.category, b.category) ||
    compareComplexity(a.complexity, b.complexity) ||
    compareText(a.deliverables ?? '', b.deliverables ?? '')
  );
}
