import { countOf, formatCount } from '../formatFigures.ts';
import { markdownTable } from '../markdownTable.ts';
import type { LogFacts } from './withLogs.ts';

/** The section of the report about the logs, as Markdown. */
export function logSection(facts: LogFacts): string {
  const rows = [
    ['Calls that only the logs tell of', facts.added],
    ['Calls that the database holds too, counted once', facts.inDatabase],
    ['Lines of runs that were captured twice, left out', facts.repeated],
    ['Damaged lines, left out', facts.damaged],
  ] as const;
  const read = `${countOf(facts.lines, 'sample')} read from ${countOf(facts.files, 'file')}.`;
  const table = markdownTable(
    ['Logs', 'Lines'],
    rows.map(([what, count]) => [what, formatCount(count)]),
  );
  return ['## Logs', read, table, ...conflictSection(facts)].join('\n\n');
}

function conflictSection({ conflicts }: LogFacts): string[] {
  if (conflicts.length === 0) return [];
  const rows = conflicts.flatMap(({ log, line, runId, phaseId, conflicts: fields }) =>
    fields.map(({ field, log: inLog, database }) => [
      `${log}:${line}`,
      `${runId} ${phaseId}`,
      field,
      inLog,
      database,
    ]),
  );
  return [
    'The logs contradict the database on these calls, so they are no evidence:',
    markdownTable(['Line', 'Phase', 'Field', 'Log', 'Database'], rows),
  ];
}
