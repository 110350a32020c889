import { shellCommand } from '../core/text/shellCommand.ts';
import { nativeShell } from './undoText.ts';
import { adviseOnFailures } from '../core/failures/failureReport.ts';
import type { FailureCluster, FailureReport } from '../core/failures/clusterFailures.ts';
import { formatStoredTimestamp } from '../core/model/timestamp.ts';
import { counted, formatCount } from '../core/text/quantities.ts';
import { alignColumns } from './alignColumns.ts';
import { textLines } from './textLines.ts';

const longestExample = 80;

/** The largest `limit` clusters for a person at a terminal, and what to do next. */
export function failuresText({ clusters, failedPhases, failedRuns }: FailureReport, limit: number): string {
  const [largest] = clusters;
  if (largest === undefined) return 'No phase is FAILED.';
  const shown = clusters.slice(0, limit);
  const hidden = clusters.slice(limit);
  const hiddenPhases = hidden.reduce((sum, { count }) => sum + count, 0);
  return textLines([
    `${counted(failedPhases, 'failed phase')} in ${counted(failedRuns, 'run')}, ${counted(clusters.length, 'kind')} of failure:`,
    '',
    ...alignColumns([['count', 'runs', 'last seen (UTC)', 'class', 'example'], ...shown.map(cells)], [0, 1]),
    ...(hidden.length === 0
      ? []
      : [
          `and ${counted(hidden.length, 'more kind')} (${counted(hiddenPhases, 'phase')}): --limit ${clusters.length}`,
        ]),
    '',
    ...nextStep(largest),
  ]);
}

function cells({ count, runs, lastSeen, failureClass, sample }: FailureCluster): string[] {
  return [
    formatCount(count),
    formatCount(runs),
    lastSeen === null ? 'unknown' : formatStoredTimestamp(lastSeen).slice(0, 16),
    failureClass,
    sample === null ? '(no reason recorded)' : oneLine(sample),
  ];
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= longestExample ? line : `${line.slice(0, longestExample - 1).trimEnd()}…`;
}

function nextStep({ failureClass, phases }: FailureCluster): string[] {
  const [latest] = phases;
  const lines = [`Next, for the largest: ${adviseOnFailures(failureClass)}`];
  if (latest !== undefined) {
    const phase = `${latest.runId}/${latest.phaseId}`;
    const command = shellCommand(['autopack-hygiene', 'drain', '--probe', '--phase', phase], nativeShell);
    lines.push(`Then drain the latest of them, to see whether it helped: ${command}`);
  }
  return lines;
}
