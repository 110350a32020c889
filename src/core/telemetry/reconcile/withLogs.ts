import type { LogConflict } from './reconcileLogs.ts';
import { reconcileLogs } from './reconcileLogs.ts';
import { joinSamples } from './joinSamples.ts';
import { PhaseIndex } from '../phaseIndex.ts';
import type { TelemetrySamples } from '../telemetrySamples.ts';
import { TelemetrySamplesBuilder } from '../telemetrySamplesBuilder.ts';
import { addLogSample } from '../log/addLogSample.ts';
import { uniqueLogSamples } from '../log/uniqueLogSamples.ts';
import type { NamedLog } from '../log/uniqueLogSamples.ts';

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
  /** Calls that only the logs tell of. */
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
