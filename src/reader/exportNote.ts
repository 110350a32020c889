import { fileName } from '../core/db/pathParts.ts';
import {
  conditionsOf,
  describeFilter,
  type TelemetryFilter,
} from '../core/telemetry/page/telemetryFilter.ts';
import { UserFacingError } from '../core/errors.ts';
import { parseJsonText } from '../core/text/decodeText.ts';
import { t, untranslated } from '../core/text/l10n.ts';
import type { TelemetryExportFormat } from './exportChunks.ts';

/** What there is to know of an export whose format has no place for it. */
export interface ExportNote {
  /** The database it is from; absolute. */
  readonly database: string;
  /** Milliseconds since the epoch. */
  readonly exportedAt: number;
  readonly events: number;
  /** How many events the database had. */
  readonly of: number;
  readonly filter: TelemetryFilter;
}

const kind = 'autopack-hygiene-export';

/** Whether a format has no place for what there is to know of an export. */
export function needsNote(format: TelemetryExportFormat): boolean {
  return format === 'csv' || format === 'ndjson';
}

/** Where the note of an export is: beside it, as the metadata of tables on the web is (W3C, "Model for Tabular Data", 5.3). */
export function exportNotePath(path: string): string {
  return `${path}-metadata.json`;
}

/**
 * What the note beside the export at `path` says; `null` where there is to be none: an export without a filter gets one only
 * in the place of an older one (`hasOld`), which would be wrong now.
 */
export function exportNote(
  path: string,
  { database, exportedAt, events, of, filter }: ExportNote,
  hasOld: boolean,
): object | null {
  const isFiltered = conditionsOf(filter) > 0;
  if (!isFiltered && !hasOld) return null;
  return {
    kind,
    file: fileName(path),
    database,
    exported_at: new Date(exportedAt).toISOString(),
    events,
    of,
    conditions: untranslated(() =>
      Object.fromEntries(describeFilter(filter).map(({ name, words }) => [name, words])),
    ),
    filter: isFiltered ? filter : null,
  };
}

/** Whether the text of a file is a note of an export. */
export function isExportNote(text: string): boolean {
  try {
    const content: unknown = parseJsonText(text);
    return typeof content === 'object' && content !== null && 'kind' in content && content.kind === kind;
  } catch {
    return false;
  }
}

/** That an export, whose note this is the path of, would replace a file that is no such note. */
export function foreignNote(note: string): UserFacingError {
  return new UserFacingError(
    'exists',
    t`${note} exists already and is no note of an export.`,
    t`Choose another name, or move that file aside.`,
  );
}
