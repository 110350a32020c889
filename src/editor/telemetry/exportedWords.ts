import { conditionsOf } from '../../core/telemetry/page/telemetryFilter.ts';
import { counted, formatCount } from '../../core/text/quantities.ts';
import type { ExportedSamples, ExportRequest } from './exportChunks.ts';

/** What a person is told of a finished export: where it is, how much of the database is in it, and where that is told. */
export function exportedWords(
  { filter, shown }: Pick<ExportRequest, 'filter' | 'shown'>,
  file: string,
  { samples, of, state, note }: ExportedSamples,
): string {
  if (conditionsOf(filter) === 0) return `Exported to ${file}.`;
  const parts = [`Exported to ${file}: ${formatCount(samples)} of ${counted(of, 'sample')}.`];
  if (note !== null) parts.push(`The filter is told in ${note}.`);
  if (state !== null && state !== shown.state) {
    parts.push(`The database was written since the page showed ${formatCount(shown.samples)} of them.`);
  }
  return parts.join(' ');
}
