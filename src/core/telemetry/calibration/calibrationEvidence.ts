import type { DeliverableMix } from '../estimator/deliverableKind.ts';
import { rawEstimate, type Deliverables, type Estimator } from '../estimator/estimator.ts';
import { allNew, splitsByPrediction } from '../estimator/splitDeliverables.ts';
import {
  evidenceSamples,
  compareGroups,
  groupOf,
  sampleGroup,
  type SampleGroup,
} from '../evidence/evidenceSamples.ts';
import { compareText } from '../../model/sampleKind.ts';
import type { TelemetrySamples } from '../samples/telemetrySamples.ts';

/** All samples of one kind of phase with the same deliverables: one estimate serves them all. */
export interface SamplePattern {
  /** Index into {@link CalibrationEvidence.groups}. */
  readonly group: number;
  readonly deliverables: Deliverables;
  /** By the coefficients in use, before the safety factor; output tokens, above 0. */
  readonly estimate: number;
  /** Clean samples of this pattern. */
  samples: number;
  /** Phases that they are of. */
  phases: number;
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

/** The phases of the evidence by column, numbered from 0; those with a clean sample come first. */
export interface CalibrationPhases {
  readonly count: number;
  /** How many have a clean sample. */
  readonly clean: number;
  /** Index into {@link CalibrationEvidence.groups}; of a phase whose calls name several, the first. */
  readonly group: Uint32Array;
  /** 1: a call of it was cut off, so whatever bound is proposed, it counts as needing more. */
  readonly cutOff: Uint8Array;
  /** The mean of its calls, in milliseconds since the epoch; NaN where one is not known. */
  readonly time: Float64Array;
  /** Their places, sorted by group, then time, then name: an order that does not depend on that of the rows. */
  readonly rank: Uint32Array;
}

/** What a calibration works on. */
export interface CalibrationEvidence {
  readonly samples: TelemetrySamples;
  readonly estimator: Estimator;
  /** Sorted. */
  readonly groups: readonly SampleGroup[];
  /** Phases with a clean sample, by group. */
  readonly sampled: readonly number[];
  /** Those of them whose deliverables are known, as a fit of coefficients needs. */
  readonly fitted: readonly number[];
  readonly clean: CalibrationRows;
  /** Lower bounds. */
  readonly truncated: CalibrationRows;
  readonly patterns: readonly SamplePattern[];
  readonly phases: CalibrationPhases;
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
  countPhases(patterns.all, cleanRows);
  const truncatedRows = rowsOf(truncated, false);
  const { foreign, unsplit, all } = patterns;
  return {
    samples,
    estimator,
    groups,
    sampled: phasesByGroup(groups.length, cleanRows, () => true),
    fitted: phasesByGroup(groups.length, cleanRows, (row) => (cleanRows.pattern[row] ?? -1) >= 0),
    clean: cleanRows,
    truncated: truncatedRows,
    patterns: all,
    phases: phaseColumns(samples, [cleanRows, truncatedRows], [...phases.keys()], size),
    foreign,
    unsplit,
  };
}

/** How many phases the rows of each group are of. */
function phasesByGroup(
  groups: number,
  { group, phase }: CalibrationRows,
  isWanted: (row: number) => boolean,
): readonly number[] {
  const met = new Set<number>();
  const counts = Array.from({ length: groups }, () => 0);
  for (const [row, own] of group.entries()) {
    const key = (phase[row] ?? 0) * groups + own;
    if (met.has(key) || !isWanted(row)) continue;
    met.add(key);
    counts[own] = (counts[own] ?? 0) + 1;
  }
  return counts;
}

function countPhases(patterns: readonly SamplePattern[], { pattern, phase }: CalibrationRows): void {
  const met = new Set<number>();
  for (const [row, index] of pattern.entries()) {
    const found = patterns[index];
    const key = (phase[row] ?? 0) * patterns.length + index;
    if (found === undefined || met.has(key)) continue;
    met.add(key);
    found.phases += 1;
  }
}

/** `numbers` are those that the samples have for the phases. */
function phaseColumns(
  { timestamp, phases }: TelemetrySamples,
  [clean, truncated]: readonly [CalibrationRows, CalibrationRows],
  numbers: readonly number[],
  withClean: number,
): CalibrationPhases {
  const count = numbers.length;
  const [group, calls] = [new Uint32Array(count), new Uint32Array(count)];
  const [cutOff, time] = [new Uint8Array(count), new Float64Array(count)];
  for (const rows of [clean, truncated]) {
    for (const [row, phase] of rows.phase.entries()) {
      if (calls[phase] === 0) group[phase] = rows.group[row] ?? 0;
      calls[phase] = (calls[phase] ?? 0) + 1;
      time[phase] = (time[phase] ?? 0) + (timestamp[rows.at[row] ?? 0] ?? NaN);
      if (rows === truncated) cutOff[phase] = 1;
    }
  }
  for (let phase = 0; phase < count; phase += 1) time[phase] = (time[phase] ?? NaN) / (calls[phase] ?? 1);
  const name = (phase: number): string => {
    const { runId = '', phaseId = '' } = phases[numbers[phase] ?? 0] ?? {};
    return `${runId}\0${phaseId}`;
  };
  const order = Uint32Array.from({ length: count }, (_, phase) => phase).sort(
    (a, b) =>
      (group[a] ?? 0) - (group[b] ?? 0) ||
      (time[a] ?? NaN) - (time[b] ?? NaN) ||
      compareText(name(a), name(b)),
  );
  const rank = new Uint32Array(count);
  for (const [place, phase] of order.entries()) rank[phase] = place;
  return { count, clean: withClean, group, cutOff, time, rank };
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
    return this.all.push({ group, deliverables, estimate, samples: 0, phases: 0 }) - 1;
  }
}
