import { open, rename } from 'node:fs/promises';
import { dirname, basename } from 'node:path';
import { isPostgresPath } from '../../core/db/postgresUrl.ts';
import { CancelledError, UserFacingError } from '../../core/errors.ts';
import type { TelemetryEvent } from '../../core/model/telemetryEvent.ts';
import type { EventPage, EventSelection } from '../../core/telemetry/page/telemetryEvents.ts';
import {
  describeFilter,
  conditionsOf,
  type TelemetryFilter,
} from '../../core/telemetry/page/telemetryFilter.ts';
import type { EventFormat } from '../../core/telemetry/report/eventFormats.ts';
import { parseJsonText } from '../../core/text/decodeText.ts';
import { t } from '../../core/text/l10n.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { writeFileError, errnoCode } from '../system/fileError.ts';
import { realPathOf } from '../system/realPath.ts';
import { jsonText } from '../system/jsonFile.ts';
import { readSmallFile } from '../system/regularFile.ts';
import {
  createDraft,
  removeDraft,
  removeStaleDrafts,
  replaceable,
  takeModeOf,
  replaceFile,
} from '../system/replaceFile.ts';
import { inEnglish } from '../system/translations.ts';
import { placeNewFile, refuseUnplaceable } from '../writer/placeNewFile.ts';

/** How an export is written. */
export interface ExportTarget {
  /** Absolute. */
  readonly path: string;
  /** Whether a file that is there may be replaced; the database itself never is. */
  readonly overwrite: boolean;
  /** The database it is of: a new file gets its rights, for it holds the same. Absolute; without it, for this user alone. */
  readonly database?: string | undefined;
}

/**
 * Writes text as it comes, and puts the file in its place when it is whole: a stopped export leaves nothing.
 * Rejects with `exists`, `not-found` without the folder, `disk-full`, `no-permission`, `cancelled`, and what `chunks` throws.
 */
export async function writeExport(
  { path, overwrite, database }: ExportTarget,
  chunks: AsyncIterable<string> | Iterable<string>,
  signal?: AbortSignal,
): Promise<void> {
  if (!overwrite) await refuseUnplaceable(path);
  let draft: string | undefined;
  try {
    await removeStaleDrafts(dirname(path));
    draft = await createDraft(path);
    const file = await open(draft, 'r+');
    try {
      for await (const chunk of chunks) {
        if (signal?.aborted === true) throw new CancelledError(t`The export`);
        await file.appendFile(chunk);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    const replaced = overwrite ? await replaceable(path) : null;
    if (replaced !== null) await takeModeOf(path, draft);
    else if (database !== undefined && !isPostgresPath(database))
      await takeModeOf(await realPathOf(database), draft);
    await (overwrite ? rename(draft, path) : placeNewFile(draft, path));
  } catch (error) {
    throw writeFileError(error, path);
  } finally {
    if (draft !== undefined) await removeDraft(draft);
  }
}

/** Which events, and how they are written. */
export interface EventExport {
  readonly reader: DatabaseReader;
  /** Of the database; absolute. */
  readonly path: string;
  readonly format: EventFormat;
  /** Only these; without it, every event. */
  readonly selection?: EventSelection;
  /** Called after each page with how many events were written so far, and whether the database changed since the one before. */
  readonly onPage?: (events: number, changed: boolean) => void;
}

/** Events asked for at a time: enough to be quick, few enough to need no memory to speak of. */
const pageSize = 5000;

/** The events of a database in a format, a page at a time. Throws what the reader throws. */
export async function* eventChunks(
  request: EventExport,
  signal?: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  const { format, onPage } = request;
  let written = 0;
  let state: string | null = null;
  let head = format.head;
  for await (const { events, token } of eventPages(request, signal)) {
    const before = written;
    // With the first events, for nothing is to be written where nothing can be read.
    yield head + events.map((event, index) => format.event(event, before + index)).join('');
    head = '';
    written += events.length;
    onPage?.(written, state !== null && state !== token);
    state = token;
  }
  yield head + format.tail;
}

interface Page {
  readonly events: readonly TelemetryEvent[];
  /** Of the state it was read from. */
  readonly token: string;
}

async function* eventPages(
  { reader, path, selection }: EventExport,
  signal?: AbortSignal,
): AsyncGenerator<Page, void, undefined> {
  const read = async (page: EventPage): Promise<Page> => {
    const { value, version } = await reader.request(path, 'telemetryEvents', page, signal);
    return { events: value, token: version.token };
  };
  if (selection !== undefined) {
    const { ids } = selection;
    for (let at = 0; at < ids.length; at += pageSize)
      yield await read({ ids: [...ids.subarray(at, at + pageSize)] });
    return;
  }
  let [after, more] = [0, true];
  while (more) {
    const page = await read({ after, limit: pageSize });
    yield page;
    after = page.events.at(-1)?.eventId ?? after;
    more = page.events.length === pageSize;
  }
}

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
function exportNotePath(path: string): string {
  return `${path}-metadata.json`;
}

/** Refuses, with `exists`, an export whose note would replace a file that is no such note. */
export async function refuseForeignNote(path: string): Promise<void> {
  const note = exportNotePath(path);
  if ((await noteAt(note)) !== 'foreign') return;
  throw new UserFacingError(
    'exists',
    t`${note} exists already and is no note of an export.`,
    t`Choose another name, or move that file aside.`,
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
    // Programs read it.
    conditions: inEnglish(() =>
      Object.fromEntries(describeFilter(filter).map(({ name, words }) => [name, words])),
    ),
    filter: isFiltered ? filter : null,
  };
  try {
    await replaceFile(note, jsonText(content));
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
