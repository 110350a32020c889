import type { PhaseKey } from '../../model/phase.ts';
import type { UniqueLogList } from '../log/uniqueLogList.ts';
import { raiseSuspicion } from '../raiseSuspicion.ts';
import type { TelemetrySamples } from '../telemetrySamples.ts';
import { matchCall } from './callMatch.ts';
import type { FieldConflict } from './callMatch.ts';
import { CallPairs } from './callPairs.ts';

/** One call of which a log and the database tell different things. */
export interface LogConflict extends PhaseKey {
  readonly log: string;
  readonly line: number;
  readonly conflicts: readonly FieldConflict[];
}

/** What logs add to a database. */
export interface LogReconciliation {
  /** Calls that only the logs tell of. */
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
 * stranger.
 */
export function reconcileLogs(samples: TelemetrySamples, lines: UniqueLogList): LogReconciliation {
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
