import { counted, formatCount } from '../text/quantities.ts';
import type { DocumentBlock, DocumentSection } from './document/document.ts';
import type { SuspectSample } from './suspects.ts';

/** The suspect samples one by one; `total` is how many there are. */
export function suspectSection(listed: readonly SuspectSample[], total: number): DocumentSection {
  const heading = 'Suspect samples';
  if (total === 0) return { heading, blocks: [{ kind: 'text', text: 'None.' }] };
  const rows = listed.map((one) => [
    one.runId,
    one.phaseId,
    one.timestamp === null ? '–' : new Date(one.timestamp).toISOString(),
    one.category,
    one.predicted === null ? '–' : formatCount(one.predicted),
    one.actual === null ? '–' : formatCount(one.actual),
    one.reasons.join(', '),
  ]);
  const head = ['Run', 'Phase', 'Time', 'Category', 'Predicted', 'Actual', 'Reasons'];
  const rest = total - listed.length;
  const more: DocumentBlock[] =
    rest > 0 ? [{ kind: 'text', text: `${counted(rest, 'more suspect sample')} not listed.` }] : [];
  return { heading, blocks: [{ kind: 'table', head, rows }, ...more] };
}
