import type { PhaseKey } from '../../model/phase.ts';
import type { UniqueLogSample } from '../log/uniqueLogSamples.ts';
import { raiseSuspicion } from '../raiseSuspicion.ts';
import type { TelemetrySamples } from '../telemetrySamples.ts';
import { matchCall } from './callMatch.ts';
import type { CallMatch, FieldConflict } from './callMatch.ts';

/** One call of which a log and the database tell different things. */
export interface LogConflict extends PhaseKey {
  readonly log: string;
  readonly line: number;
  readonly conflicts: readonly FieldConflict[];
}

/** What logs add to a database. */
export interface LogReconciliation {
  /** Calls that only the logs tell of. */
  readonly onlyInLogs: readonly UniqueLogSample[];
  /** How many calls both tell of: they count once, as the database has them. */
  readonly inBoth: number;
  /** Those of them on which the two do not agree; their samples are marked as suspect. */
  readonly conflicts: readonly LogConflict[];
}

interface Pair {
  readonly line: UniqueLogSample;
  readonly at: number;
  readonly match: CallMatch;
}

/**
 * Finds for each line of the logs its sample in the database, and marks the samples that a log contradicts: agreeing pairs
 * first, nearest in time first, and each sample and line in one pair at most. Calls that differ are held for one only in
 * the database's zone or in one that agreeing calls show the log to be in: at some distance in zones, most calls have a
 * stranger.
 */
export function reconcileLogs(
  samples: TelemetrySamples,
  lines: readonly UniqueLogSample[],
): LogReconciliation {
  const pairs = possiblePairs(samples, lines).sort(
    (a, b) =>
      a.match.conflicts.length - b.match.conflicts.length ||
      a.match.distance - b.match.distance ||
      a.at - b.at,
  );
  const taken = new Set<number>();
  const matched = new Set<UniqueLogSample>();
  const conflicts: LogConflict[] = [];
  const zones = new Set<string>();
  for (const { line, at, match } of pairs) {
    if (taken.has(at) || matched.has(line)) continue;
    const zone = `${match.zone} ${line.log}`;
    if (match.conflicts.length === 0) zones.add(zone);
    else if (match.zone !== 0 && !zones.has(zone)) continue;
    taken.add(at);
    matched.add(line);
    if (line.format === 'fallback') raiseSuspicion(samples, at, 'total-tokens');
    if (match.conflicts.length === 0) continue;
    for (const { field } of match.conflicts) {
      raiseSuspicion(samples, at, field === 'category' ? 'category-conflict' : 'source-conflict');
    }
    const { runId = '', phaseId = '' } = samples.phases[samples.phase[at] ?? 0] ?? {};
    conflicts.push({ log: line.log, line: line.line, runId, phaseId, conflicts: match.conflicts });
  }
  return {
    onlyInLogs: lines.filter((line) => !matched.has(line)),
    inBoth: matched.size,
    conflicts,
  };
}

function possiblePairs(samples: TelemetrySamples, lines: readonly UniqueLogSample[]): Pair[] {
  const byPrediction = new Map<number, UniqueLogSample[]>();
  for (const line of lines) {
    const same = byPrediction.get(line.predicted);
    if (same === undefined) byPrediction.set(line.predicted, [line]);
    else same.push(line);
  }
  const pairs: Pair[] = [];
  for (let at = 0; at < samples.count; at += 1) {
    for (const line of byPrediction.get(samples.predicted[at] ?? NaN) ?? []) {
      const match = matchCall(samples, at, line);
      if (match !== null) pairs.push({ line, at, match });
    }
  }
  return pairs;
}
