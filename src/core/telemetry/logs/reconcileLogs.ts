import { finishKind } from '../../model/finishReason.ts';
import type { PhaseKey } from '../../model/phase.ts';
import type { DeliverableMix } from '../estimator/deliverableKind.ts';
import { PhaseIndex, type SampledPhase } from '../samples/phaseIndex.ts';
import { suspicionBit } from '../samples/sampleQuality.ts';
import {
  TelemetrySamplesBuilder,
  raiseSuspicion,
  type TelemetrySamples,
} from '../samples/telemetrySamples.ts';
import { matchCall, type FieldConflict } from './callMatch.ts';
import { CallPairs } from './callPairs.ts';
import {
  uniqueLogSamples,
  type NamedLog,
  type UniqueLogList,
  type UniqueLogSample,
} from './uniqueLogSamples.ts';

/** What became of the lines of the logs. Field names are those of `analyze --json`. */
export interface LogFacts {
  /** Files read. */
  readonly files: number;
  /** Lines that hold a sample. */
  readonly lines: number;
  /** Lines that were meant to, but were cut off or garbled. */
  readonly damaged: number;
  /** Lines that another file tells too: the same run was captured twice. */
  readonly repeated: number;
  /** Calls that the database holds too; they count once. */
  readonly inDatabase: number;
  /** Calls found only in the logs. */
  readonly added: number;
  readonly conflicts: readonly LogConflict[];
}

/** The samples of logs and, where there is one, of a database, with each call once; marks those that contradict each other. */
export function withLogs(
  database: TelemetrySamples | null,
  logs: readonly NamedLog[],
): { readonly samples: TelemetrySamples; readonly facts: LogFacts } {
  const { samples: lines, repeated } = uniqueLogSamples(logs);
  const { onlyInLogs, inBoth, conflicts } =
    database === null ? { onlyInLogs: lines, inBoth: 0, conflicts: [] } : reconcileLogs(database, lines);
  const phases = new PhaseIndex();
  const builder = new TelemetrySamplesBuilder(phases);
  for (let index = 0; index < onlyInLogs.length; index += 1) {
    addLogSample(builder, phases, onlyInLogs.at(index));
  }
  const added = builder.build();
  return {
    samples: database === null ? added : joinSamples(database, added),
    facts: {
      files: logs.length,
      lines: logs.reduce((sum, log) => sum + log.samples.length, 0),
      damaged: logs.reduce((sum, log) => sum + log.damaged, 0),
      repeated,
      inDatabase: inBoth,
      added: onlyInLogs.length,
      conflicts,
    },
  };
}

/** One call of which a log and the database tell different things. */
interface LogConflict extends PhaseKey {
  readonly log: string;
  readonly line: number;
  readonly conflicts: readonly FieldConflict[];
}

/** What logs add to a database. */
export interface LogReconciliation {
  /** Calls found only in the logs. */
  readonly onlyInLogs: UniqueLogList;
  /** How many calls both tell of: they count once, as the database has them. */
  readonly inBoth: number;
  /** Those of them on which the two do not agree; their samples are marked as suspect. */
  readonly conflicts: readonly LogConflict[];
}

/**
 * Finds for each line of the logs its sample in the database, and marks the samples that a log contradicts: agreeing pairs
 * first, nearest in time first, and each sample and line in one pair at most. Calls that differ are held for one only in
 * the database's zone or in one that agreeing calls show the log to be in: at some distance in zones, most calls have a
 * call of others near them.
 */
function reconcileLogs(samples: TelemetrySamples, lines: UniqueLogList): LogReconciliation {
  const taken = new Uint8Array(samples.count);
  const matched = new Uint8Array(lines.length);
  const conflicts: LogConflict[] = [];
  const zones = new Set<string>();
  let inBoth = 0;
  new CallPairs(samples, lines).forEach((at, number) => {
    if (taken[at] === 1 || matched[number] === 1) return;
    const line = lines.at(number);
    const match = matchCall(samples, at, line);
    if (match === null) return;
    const zone = `${match.zone} ${line.log}`;
    if (match.conflicts.length === 0) zones.add(zone);
    else if (match.zone !== 0 && !zones.has(zone)) return;
    taken[at] = 1;
    matched[number] = 1;
    inBoth += 1;
    if (line.format === 'fallback') raiseSuspicion(samples, at, 'total-tokens');
    if (match.conflicts.length === 0) return;
    for (const { field } of match.conflicts) {
      raiseSuspicion(samples, at, field === 'category' ? 'category-conflict' : 'source-conflict');
    }
    const { runId = '', phaseId = '' } = samples.phases[samples.phase[at] ?? 0] ?? {};
    conflicts.push({ log: line.log, line: line.line, runId, phaseId, conflicts: match.conflicts });
  });
  return { onlyInLogs: lines.without(matched), inBoth, conflicts };
}

/** Two sets of samples as one, the first ones first, with what speaks against them. */
function joinSamples(first: TelemetrySamples, second: TelemetrySamples): TelemetrySamples {
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

/**
 * Adds a call that only a log tells of. Logs do not name phases, so it stands for one by itself. What its format does not
 * tell is held against it, for a sample is evidence only where its success is known; a fallback's total is no output.
 */
function addLogSample(builder: TelemetrySamplesBuilder, phases: PhaseIndex, sample: UniqueLogSample): void {
  const incomplete = sample.success === null ? suspicionBit('incomplete') : 0;
  const total = sample.format === 'fallback' ? suspicionBit('total-tokens') : 0;
  builder.addNumbered({
    phase: phases.addLogged(sample.log, sample.line),
    category: builder.categories.index(sample.category),
    complexity: builder.complexities.index(sample.complexity),
    model: builder.models.index(sample.model),
    mix: builder.mixes.index(null),
    deliverableCount: sample.deliverableCount ?? 0,
    predicted: sample.predicted,
    actual: sample.actual,
    success: sample.success ?? false,
    truncated: sample.truncated ?? false,
    // The first format has no such field.
    finish: sample.format === 'v1' ? 'complete' : finishKind(sample.stopReason),
    timestamp: sample.timestamp ?? NaN,
    limit: NaN,
    budget: sample.selectedBudget ?? NaN,
    suspicion: incomplete | total,
  });
}
