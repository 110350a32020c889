import type { DeliverableMix } from '../estimator/deliverableKind.ts';
import { type Deliverables, rawEstimate } from '../estimator/estimateTokens.ts';
import type { Estimator } from '../estimator/estimator.ts';
import { allNew, splitsByPrediction } from '../estimator/splitDeliverables.ts';
import { evidenceSamples } from '../evidence/evidenceSamples.ts';
import { compareGroups, groupOf, type SampleGroup, sampleGroup } from '../evidence/sampleGroup.ts';
import type { TelemetrySamples } from '../telemetrySamples.ts';

/** All samples of one kind of phase with the same deliverables: one estimate serves them all. */
export interface SamplePattern {
  /** Index into {@link CalibrationEvidence.groups}. */
  readonly group: number;
  readonly deliverables: Deliverables;
  /** By the coefficients in use, before the safety factor; output tokens, above 0. */
  readonly estimate: number;
  /** Clean samples of this pattern. */
  samples: number;
}

/** Samples by column; all columns are equally long. */
export interface CalibrationRows {
  /** Indices into the samples. */
  readonly at: Uint32Array;
  /** Index into {@link CalibrationEvidence.groups}. */
  readonly group: Uint32Array;
  /** Numbered from 0. */
  readonly phase: Uint32Array;
  /** Index into {@link CalibrationEvidence.patterns}, -1 where the deliverables are not known. */
  readonly pattern: Int32Array;
  /** Output tokens used. */
  readonly actual: Float64Array;
  /** Output tokens estimated before the safety factor, by the coefficients in use where the deliverables are known. */
  readonly estimate: Float64Array;
}

/** What a calibration works on. */
export interface CalibrationEvidence {
  readonly samples: TelemetrySamples;
  readonly estimator: Estimator;
  /** Sorted. */
  readonly groups: readonly SampleGroup[];
  /** Clean samples, by group. */
  readonly sampled: readonly number[];
  /** Those of them whose deliverables are known, as a fit of coefficients needs. */
  readonly fitted: readonly number[];
  readonly clean: CalibrationRows;
  /** Lower bounds. */
  readonly truncated: CalibrationRows;
  readonly patterns: readonly SamplePattern[];
  /** How many phases the clean samples are from: those numbered below this. */
  readonly phases: number;
  /** Clean samples with known deliverables whose recorded prediction these coefficients do not give. */
  readonly foreign: number;
  /** Clean samples with known deliverables of which it is not known which were new: all are taken to be. */
  readonly unsplit: number;
}

/** Picks the evidence and estimates each sample anew by the coefficients in use. */
export function calibrationEvidence(samples: TelemetrySamples, estimator: Estimator): CalibrationEvidence {
  const { clean, truncated } = evidenceSamples(samples);
  const numbers = [...new Set([...clean, ...truncated].map((at) => groupOf(samples, at)))];
  const sorted = numbers.map((number) => ({ number, ...sampleGroup(samples, number) })).sort(compareGroups);
  const groups = sorted.map(({ category, complexity }) => ({ category, complexity }));
  const groupIndex = new Map(sorted.map(({ number }, index) => [number, index]));
  const patterns = new PatternIndex(samples, estimator, groups);
  const phases = new Map<number, number>();
  const rowsOf = (indices: Uint32Array, counted: boolean): CalibrationRows => {
    const rows = emptyRows(indices);
    for (const [row, at] of indices.entries()) {
      const group = groupIndex.get(groupOf(samples, at)) ?? 0;
      const phase = samples.phase[at] ?? 0;
      if (!phases.has(phase)) phases.set(phase, phases.size);
      const pattern = patterns.indexOf(at, group, counted);
      rows.group[row] = group;
      rows.phase[row] = phases.get(phase) ?? 0;
      rows.pattern[row] = pattern;
      rows.actual[row] = samples.actual[at] ?? NaN;
      rows.estimate[row] =
        patterns.all[pattern]?.estimate ?? (samples.predicted[at] ?? NaN) / estimator.safetyFactor;
    }
    return rows;
  };
  const cleanRows = rowsOf(clean, true);
  const { size } = phases;
  const truncatedRows = rowsOf(truncated, false);
  const { foreign, unsplit, all } = patterns;
  const sampled = groups.map(() => 0);
  for (const group of cleanRows.group) sampled[group] = (sampled[group] ?? 0) + 1;
  const fitted = groups.map(() => 0);
  for (const { group, samples: count } of all) fitted[group] = (fitted[group] ?? 0) + count;
  return {
    samples,
    estimator,
    groups,
    sampled,
    fitted,
    clean: cleanRows,
    truncated: truncatedRows,
    patterns: all,
    phases: size,
    foreign,
    unsplit,
  };
}

function emptyRows(at: Uint32Array): CalibrationRows {
  const { length } = at;
  return {
    at,
    group: new Uint32Array(length),
    phase: new Uint32Array(length),
    pattern: new Int32Array(length),
    actual: new Float64Array(length),
    estimate: new Float64Array(length),
  };
}

/** What can be told of one mix in one kind of phase: a pattern for each recorded prediction that gives a split away. */
interface MixPatterns {
  readonly splits: ReadonlyMap<number, Deliverables | null>;
  readonly bySplit: Map<Deliverables, number>;
  readonly mix: DeliverableMix;
  assumed: number | null;
}

class PatternIndex {
  readonly all: SamplePattern[] = [];
  foreign = 0;
  unsplit = 0;
  readonly #samples: TelemetrySamples;
  readonly #estimator: Estimator;
  readonly #groups: readonly SampleGroup[];
  readonly #mixes = new Map<number, MixPatterns>();

  constructor(samples: TelemetrySamples, estimator: Estimator, groups: readonly SampleGroup[]) {
    this.#samples = samples;
    this.#estimator = estimator;
    this.#groups = groups;
  }

  /** The pattern of sample `at`, or -1; where `counted`, one more sample of it. */
  indexOf(at: number, group: number, counted: boolean): number {
    const found = this.#mix(this.#samples.mix[at] ?? 0, group);
    if (found === null) return -1;
    const split = found.splits.get(this.#samples.predicted[at] ?? NaN);
    if (counted && split === undefined) this.foreign += 1;
    if (counted && split == null) this.unsplit += 1;
    const index = this.#pattern(found, group, split ?? null);
    const pattern = this.all[index];
    if (counted && pattern !== undefined) pattern.samples += 1;
    return index;
  }

  #mix(number: number, group: number): MixPatterns | null {
    const mix = this.#samples.mixes[number] ?? null;
    const kind = this.#groups[group];
    if (mix === null || kind === undefined) return null;
    const key = number * this.#groups.length + group;
    let found = this.#mixes.get(key);
    if (found === undefined) {
      found = {
        splits: splitsByPrediction(this.#estimator, kind, mix),
        bySplit: new Map(),
        mix,
        assumed: null,
      };
      this.#mixes.set(key, found);
    }
    return found;
  }

  #pattern(found: MixPatterns, group: number, split: Deliverables | null): number {
    if (split === null) return (found.assumed ??= this.#add(group, allNew(found.mix)));
    let index = found.bySplit.get(split);
    if (index === undefined) found.bySplit.set(split, (index = this.#add(group, split)));
    return index;
  }

  #add(group: number, deliverables: Deliverables): number {
    const kind = this.#groups[group];
    const estimate = kind === undefined ? 1 : Math.max(1, rawEstimate(this.#estimator, kind, deliverables));
    return this.all.push({ group, deliverables, estimate, samples: 0 }) - 1;
  }
}
