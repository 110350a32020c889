import { basename } from 'node:path';
import { UserFacingError } from '../../core/errors.ts';
import {
  describeFilter,
  conditionsOf,
  type TelemetryFilter,
} from '../../core/telemetry/page/telemetryFilter.ts';
import { parseJsonText } from '../../core/text/decodeText.ts';
import { errnoCode } from '../files/fileError.ts';
import { readSmallFile } from '../files/regularFile.ts';
import { replaceFile } from '../files/replaceFile.ts';
import { writeFileError } from '../files/writeFileError.ts';

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
/** In bytes. */
const longest = 1 << 20;

/** Where the note of an export is: beside it, as the metadata of tables on the web is (W3C, "Model for Tabular Data", 5.3). */
export function exportNotePath(path: string): string {
  return `${path}-metadata.json`;
}

/** Refuses, with `exists`, an export whose note would replace a file that is no such note. */
export async function refuseForeignNote(path: string): Promise<void> {
  const note = exportNotePath(path);
  if ((await noteAt(note)) !== 'foreign') return;
  throw new UserFacingError(
    'exists',
    `${note} exists already and is no note of an export.`,
    'Choose another name, or move that file aside.',
  );
}

/**
 * Writes the note beside an export and resolves to its path. An export without a filter gets none, `null`, unless an older
 * one of the same name had one: that would be wrong now.
 */
export async function writeExportNote(
  path: string,
  { database, exportedAt, events, of, filter }: ExportNote,
): Promise<string | null> {
  const note = exportNotePath(path);
  const isFiltered = conditionsOf(filter) > 0;
  if (!isFiltered && (await noteAt(note)) !== 'ours') return null;
  const content = {
    kind,
    file: basename(path),
    database,
    exported_at: new Date(exportedAt).toISOString(),
    events,
    of,
    conditions: Object.fromEntries(describeFilter(filter).map(({ name, words }) => [name, words])),
    filter: isFiltered ? filter : null,
  };
  try {
    await replaceFile(note, `${JSON.stringify(content, null, 2)}\n`);
  } catch (error) {
    throw writeFileError(error, note);
  }
  return note;
}

async function noteAt(path: string): Promise<'none' | 'ours' | 'foreign'> {
  try {
    const content: unknown = parseJsonText(await readSmallFile(path, longest));
    const isOurs =
      typeof content === 'object' && content !== null && 'kind' in content && content.kind === kind;
    return isOurs ? 'ours' : 'foreign';
  } catch (error) {
    return errnoCode(error) === 'ENOENT' ? 'none' : 'foreign';
  }
}
