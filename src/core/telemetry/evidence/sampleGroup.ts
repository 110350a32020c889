import { compareComplexity, compareText } from '../sampleKind.ts';
import type { TelemetrySamples } from '../telemetrySamples.ts';

/** A kind of phase, as an estimator tells them apart. */
export interface SampleGroup {
  readonly category: string;
  readonly complexity: string;
}

/** The number of the group of sample `at`; see {@link sampleGroups}. */
export function groupOf(
  { category, complexity, complexities }: Pick<TelemetrySamples, 'category' | 'complexity' | 'complexities'>,
  at: number,
): number {
  return (category[at] ?? 0) * complexities.length + (complexity[at] ?? 0);
}

/** The group with this number. */
export function sampleGroup({ categories, complexities }: TelemetrySamples, group: number): SampleGroup {
  return {
    category: categories[Math.floor(group / complexities.length)] ?? 'unknown',
    complexity: complexities[group % complexities.length] ?? 'unknown',
  };
}

/** Orders groups by category, then low, medium, high. */
export function compareGroups(a: SampleGroup, b: SampleGroup): number {
  return compareText(a.category, b.category) || compareComplexity(a.complexity, b.complexity);
}
