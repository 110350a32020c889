import {
  compareComplexity,
  compareText,
  deliverableBucket,
  deliverableBuckets,
} from '../../model/sampleKind.ts';
import { sampleQualities, type QualityCounts } from '../samples/sampleQuality.ts';
import { countSuspicions } from '../samples/suspects.ts';
import type { TelemetrySamples } from '../samples/telemetrySamples.ts';
import { errorFigures, type ErrorFigures } from './errorFigures.ts';
import {
  defaultTelemetryOptions,
  type TelemetryAnalysis,
  type TelemetryGroup,
  type TelemetryOptions,
} from './telemetryAnalysis.ts';
import { percent, SampleTally, isOutcomeKnown, telemetryGates } from './telemetryGates.ts';

const synthetic = sampleQualities.indexOf('synthetic');
const clean = sampleQualities.indexOf('clean');

/**
 * The figures of the samples: risk, cost, diagnostics, groups and gates. Figures without samples are `null`. `isSelected`
 * picks the samples, by index, that all of this is about.
 */
export function analyseTelemetry(
  samples: TelemetrySamples,
  chosen: TelemetryOptions,
  isSelected: (at: number) => boolean = () => true,
): TelemetryAnalysis {
  const options = { ...defaultTelemetryOptions, ...chosen } as const;
  const isCleanPhase = new Uint8Array(samples.phases.length);
  const groups = new GroupTallies(samples, options.stratify);
  /** Real samples that are not analysed. */
  const rest = new SampleTally();
  const groupOf = new Uint32Array(samples.count);
  const quality = new Uint32Array(sampleQualities.length);
  let [succeeded, known] = [0, 0];
  for (let at = 0; at < samples.count; at += 1) {
    if (!isSelected(at)) continue;
    const own = samples.quality[at] ?? 0;
    succeeded += samples.success[at] ?? 0;
    if (isOutcomeKnown(samples, at)) known += 1;
    quality[own] = (quality[own] ?? 0) + 1;
    if (own === clean) isCleanPhase[samples.phase[at] ?? 0] = 1;
    if (isAnalysed(samples, at, options)) {
      const group = groups.at(at);
      groupOf[at] = group.number;
      (own === synthetic ? group.recorded : group.real).add(samples, at, options.underMultiplier);
    } else if (own !== synthetic) rest.add(samples, at, options.underMultiplier);
  }
  const { all, real } = groups.totals();
  // Real calls count for truncation whether their phase succeeded or not: one that was cut off often is why it did not.
  const every = sumOf(real, rest);
  const errors = errorFigures(samples, groupOf, groups.sizes());
  const { wasteMedian = null, wasteP90 = null, wasteMean = null } = errors.at(-1) ?? {};
  const { smapeMean = null, smapeMedian = null } = errors.at(-1) ?? {};
  const counts = qualityCounts(quality);
  const selected = quality.reduce((sum, count) => sum + count, 0);
  return {
    options,
    samples: selected,
    analysed: all.samples,
    synthetic: counts.synthetic,
    quality: counts,
    suspicions: countSuspicions(samples, isSelected),
    tier1: { ...all.risk(), successRatePct: percent(succeeded, known) },
    tier2: { wasteMedian, wasteP90, wasteMean },
    diagnostic: { smapeMean, smapeMedian, nonTruncated: all.nonTruncated },
    groups: groups.figures(errors),
    gates: telemetryGates(
      { real, every, cleanPhases: isCleanPhase.reduce((sum, one) => sum + one, 0) },
      counts,
      options.underMultiplier,
    ),
  };
}

/** Whether the figures are to be over sample `at`. */
export function isAnalysed(samples: TelemetrySamples, at: number, options: TelemetryOptions): boolean {
  if (options.successOnly && samples.success[at] !== 1) return false;
  return options.includeSynthetic !== false || samples.quality[at] !== synthetic;
}

function qualityCounts(counts: Uint32Array): QualityCounts {
  const pairs = sampleQualities.map((name, index) => [name, counts[index] ?? 0]);
  return Object.fromEntries(pairs) as QualityCounts;
}

interface NumberedTally {
  /** Of all groups, from 1. */
  readonly number: number;
  /** Category, complexity and bucket in one. */
  readonly key: number;
  readonly real: SampleTally;
  /** Of synthetic samples. */
  readonly recorded: SampleTally;
}

function sumOf(...tallies: readonly SampleTally[]): SampleTally {
  const sum = new SampleTally();
  for (const tally of tallies) sum.addAll(tally);
  return sum;
}

/** One tally for each kind of phase that occurs. */
class GroupTallies {
  readonly #samples: TelemetrySamples;
  readonly #stratify: boolean;
  readonly #byKey = new Map<number, NumberedTally>();
  /** Neighbours mostly are of one kind. */
  #last: NumberedTally | null = null;

  constructor(samples: TelemetrySamples, stratify: boolean) {
    this.#samples = samples;
    this.#stratify = stratify;
  }

  at(at: number): NumberedTally {
    const { category, complexity, complexities, deliverableCount } = this.#samples;
    const bucket = this.#stratify
      ? deliverableBuckets.indexOf(deliverableBucket(deliverableCount[at] ?? 0))
      : 0;
    const kind =
      ((category[at] ?? 0) * complexities.length + (complexity[at] ?? 0)) * deliverableBuckets.length;
    const key = kind + bucket;
    if (this.#last?.key === key) return this.#last;
    let found = this.#byKey.get(key);
    if (found === undefined) {
      found = { number: this.#byKey.size + 1, key, real: new SampleTally(), recorded: new SampleTally() };
      this.#byKey.set(key, found);
    }
    return (this.#last = found);
  }

  sizes(): readonly number[] {
    return Array.from(this.#byKey.values(), ({ real, recorded }) => real.samples + recorded.samples);
  }

  totals(): { readonly all: SampleTally; readonly real: SampleTally } {
    const groups = [...this.#byKey.values()];
    const real = sumOf(...groups.map((group) => group.real));
    return { all: sumOf(real, ...groups.map((group) => group.recorded)), real };
  }

  /** `errors` are in the order of the groups' numbers. */
  figures(errors: readonly ErrorFigures[]): TelemetryGroup[] {
    return [...this.#byKey.values()]
      .flatMap((group, index) => {
        const own = errors[index];
        return own === undefined ? [] : [this.#figures(group, own)];
      })
      .sort(compareGroups);
  }

  #figures({ key, real, recorded }: NumberedTally, errors: ErrorFigures): TelemetryGroup {
    const { categories, complexities } = this.#samples;
    const tally = sumOf(real, recorded);
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
      ...errors,
      nonTruncated: tally.nonTruncated,
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
