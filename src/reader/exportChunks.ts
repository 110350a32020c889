import {
  conditionsOf,
  describeFilter,
  type TelemetryFilter,
} from '../core/telemetry/page/telemetryFilter.ts';
import type { TelemetryOptions } from '../core/telemetry/analysis/telemetryAnalysis.ts';
import { eventFormat, type EventFormatName } from '../core/telemetry/report/eventFormats.ts';
import { renderTelemetryReport } from '../core/telemetry/report/telemetryReport.ts';
import { untranslated } from '../core/text/l10n.ts';
import type { DatabaseReader } from '../protocol/readerProtocol.ts';
import type { Sha256Hex } from '../core/identity/schemaFacts.ts';
import { eventChunks } from './eventChunks.ts';

/** What a database's telemetry can be exported as: a report of it, or its events. */
export type TelemetryExportFormat = 'md' | 'html' | EventFormatName;

/** An export of a database's telemetry. */
export interface TelemetryExport {
  readonly reader: DatabaseReader;
  /** Absolute. */
  readonly database: string;
  readonly format: TelemetryExportFormat;
  /** How a report looks at the samples. */
  readonly options: TelemetryOptions;
  readonly filter: TelemetryFilter;
  /** Of this program, for a format with a place for it. */
  readonly version: string;
  readonly sha256: Sha256Hex;
  /** Called where the database was written while its events were read. */
  readonly onChange?: () => void;
}

/** What came of an export; filled in while its text is made. */
export interface ExportedSamples {
  samples: number;
  /** How many samples there are in all. */
  of: number;
  /** The state of the database that it is of; `null` where every event is read, page by page. */
  state: string | null;
}

/** Nothing as yet. */
export function nothingExported(): ExportedSamples {
  return { samples: 0, of: 0, state: null };
}

/** The text of an export, as it comes. Throws what the reader throws. */
export async function* exportChunks(
  { reader, database: path, format, options, filter, version, sha256, onChange }: TelemetryExport,
  exported: ExportedSamples,
  signal?: AbortSignal,
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
    format: eventFormat(
      format,
      sha256,
      version,
      untranslated(() => describeFilter(filter)),
    ),
    onPage: (events: number, changed: boolean): void => {
      exported.samples = events;
      if (changed) onChange?.();
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
