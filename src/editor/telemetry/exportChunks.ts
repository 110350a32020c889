import { describeFilter, conditionsOf } from '../../core/telemetry/page/telemetryFilter.ts';
import { eventFormat } from '../../core/telemetry/report/eventFormats.ts';
import { renderTelemetryReport } from '../../core/telemetry/report/telemetryReport.ts';
import { counted, formatCount } from '../../core/text/quantities.ts';
import { sha256Hex } from '../../node/system/systemPorts.ts';
import { eventChunks } from '../../node/telemetry/writeExport.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import type { TelemetryPageMessage } from '../../protocol/telemetryProtocol.ts';

/** What a page asks to be exported. */
export type ExportRequest = Omit<Extract<TelemetryPageMessage, { kind: 'export' }>, 'kind' | 'version'>;

/** What came of an export; filled in while it runs. */
export interface ExportedSamples {
  samples: number;
  /** How many samples there are in all. */
  of: number;
  /** The state of the database that it is of. */
  state: string | null;
  /** The name of the file beside it that tells the filter. */
  note: string | null;
}

/** The text of an export, as it comes. */
export async function* exportChunks(
  { format, options, filter }: ExportRequest,
  path: string,
  { reader, version }: { readonly reader: DatabaseReader; readonly version: string },
  exported: ExportedSamples,
  signal: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  const isFiltered = conditionsOf(filter) > 0;
  const question = { options, withEvidence: true, ...(isFiltered ? { filter } : {}) };
  if (format === 'html') {
    const { value, version: state } = await reader.request(path, 'telemetryHtml', question, signal);
    Object.assign(exported, { samples: value.samples, of: value.of, state: state.token });
    yield value.html;
    return;
  }
  if (format === 'md') {
    const { value, version: state } = await reader.request(path, 'telemetry', question, signal);
    const { analysis, ...extras } = value;
    const { samples } = extras.filtered?.selected ?? analysis;
    Object.assign(exported, { samples, of: analysis.samples, state: state.token });
    yield renderTelemetryReport(analysis, extras);
    return;
  }
  const chunks = {
    reader,
    path,
    format: eventFormat(format, sha256Hex, version, describeFilter(filter)),
    onPage: (events: number): void => {
      exported.samples = events;
    },
  };
  if (isFiltered) {
    const { value: selection, version: state } = await reader.request(path, 'selectedEvents', filter, signal);
    Object.assign(exported, { of: selection.of, state: state.token });
    yield* eventChunks({ ...chunks, selection }, signal);
    return;
  }
  yield* eventChunks(chunks, signal);
  exported.of = exported.samples;
}

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
