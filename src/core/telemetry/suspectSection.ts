import { countOf, formatCount } from './formatFigures.ts';
import { markdownTable } from './markdownTable.ts';
import type { SuspectSample } from './suspects.ts';

/** The suspect samples one by one, as Markdown; `total` is how many there are. */
export function suspectSection(listed: readonly SuspectSample[], total: number): string {
  if (total === 0) return '## Suspect samples\n\nNone.';
  const rows = listed.map((one) => [
    one.runId,
    one.phaseId,
    one.timestamp === null ? '–' : new Date(one.timestamp).toISOString(),
    one.category,
    one.predicted === null ? '–' : formatCount(one.predicted),
    one.actual === null ? '–' : formatCount(one.actual),
    one.reasons.join(', '),
  ]);
  const table = markdownTable(['Run', 'Phase', 'Time', 'Category', 'Predicted', 'Actual', 'Reasons'], rows);
  const rest = total - listed.length;
  const more = rest > 0 ? `\n\n${countOf(rest, 'more suspect sample')} not listed.` : '';
  return `## Suspect samples\n\n${table}${more}`;
}
