import type { DocumentBlock, DocumentSection } from '../document/document.ts';
import { counted, formatCount } from '../../text/quantities.ts';
import type { LogFacts } from './withLogs.ts';

/** The section of the report about the logs. */
export function logSection(facts: LogFacts): DocumentSection {
  const rows = [
    ['Calls that only the logs tell of', facts.added],
    ['Calls that the database holds too, counted once', facts.inDatabase],
    ['Lines of runs that were captured twice, left out', facts.repeated],
    ['Damaged lines, left out', facts.damaged],
  ] as const;
  const blocks: DocumentBlock[] = [
    { kind: 'text', text: `${counted(facts.lines, 'sample')} read from ${counted(facts.files, 'file')}.` },
    {
      kind: 'table',
      head: ['Logs', 'Lines'],
      rows: rows.map(([what, count]) => [what, formatCount(count)]),
    },
  ];
  return { heading: 'Logs', blocks: [...blocks, ...conflictBlocks(facts)] };
}

function conflictBlocks({ conflicts }: LogFacts): DocumentBlock[] {
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
    { kind: 'text', text: 'The logs contradict the database on these calls, so they are no evidence:' },
    { kind: 'table', head: ['Line', 'Phase', 'Field', 'Log', 'Database'], rows },
  ];
}
