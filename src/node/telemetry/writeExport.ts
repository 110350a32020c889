import { open, rename } from 'node:fs/promises';
import { dirname, sep } from 'node:path';
import { isPostgresPath } from '../../core/db/postgresUrl.ts';
import { CancelledError, UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import {
  exportNote,
  exportNotePath,
  foreignNote,
  isExportNote,
  type ExportNote,
  needsNote,
} from '../../reader/exportNote.ts';
import { writeFileError, errnoCode } from '../system/fileError.ts';
import { hygieneFolderName } from '../system/hygieneFolder.ts';
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
import { placeNewFile, refuseUnplaceable } from '../writer/placeNewFile.ts';
import type { ClockPort } from '../../core/ports.ts';
import { exportChunks, type ExportedSamples, type TelemetryExport } from '../../reader/exportChunks.ts';

/** How an export is written. */
export interface ExportTarget {
  /** Absolute. */
  readonly path: string;
  /** Whether a file that is there may be replaced; a database never is, nor what this program keeps of a folder. */
  readonly overwrite: boolean;
  /** The database it is of: a new file gets its rights, for it holds the same. Absolute; without it, for this user alone. */
  readonly database?: string | undefined;
}

/**
 * Writes text as it comes, and puts the file in its place when it is whole: a stopped export leaves nothing.
 * Rejects with `invalid-argument` for a database or our own folder, `exists`, `not-found` without the folder, `disk-full`, `no-permission`, `cancelled`, and what `chunks` throws.
 */
export async function writeExport(
  { path, overwrite, database }: ExportTarget,
  chunks: AsyncIterable<string> | Iterable<string>,
  signal?: AbortSignal,
): Promise<void> {
  await refuseOwnFolder(path);
  if (!overwrite) await refuseUnplaceable(path);
  let draft: string | undefined;
  try {
    // Before the work, and once more when it is done.
    await replaceable(path);
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
    const found = await replaceable(path);
    const replaced = overwrite ? found : null;
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

/** Pins, journal and backups say which database is which: no export takes their place. */
async function refuseOwnFolder(path: string): Promise<void> {
  const folders = (await realPathOf(dirname(path))).split(sep);
  if (!folders.includes(hygieneFolderName)) return;
  throw new UserFacingError(
    'invalid-argument',
    t`${path} is in the folder in which this program keeps what it knows of databases.`,
    t`Choose another folder.`,
  );
}

/** In bytes. */
const longest = 1 << 20;

/** Refuses, with `exists`, an export whose note would replace a file that is no such note. */
export async function refuseForeignNote(path: string): Promise<void> {
  const note = exportNotePath(path);
  if ((await noteAt(note)) === 'foreign') throw foreignNote(note);
}

/**
 * Writes the note beside an export and resolves to its path. An export without a filter gets none, `null`, unless an older
 * one of the same name had one: that would be wrong now.
 */
export async function writeExportNote(path: string, note: ExportNote): Promise<string | null> {
  const place = exportNotePath(path);
  const content = exportNote(path, note, (await noteAt(place)) === 'ours');
  if (content === null) return null;
  try {
    await replaceFile(place, jsonText(content));
  } catch (error) {
    throw writeFileError(error, place);
  }
  return place;
}

async function noteAt(path: string): Promise<'none' | 'ours' | 'foreign'> {
  try {
    return isExportNote(await readSmallFile(path, longest)) ? 'ours' : 'foreign';
  } catch (error) {
    return errnoCode(error) === 'ENOENT' ? 'none' : 'foreign';
  }
}

/**
 * Writes an export into a file, and beside it what its format has no place for. Resolves to the path of that note, `null`
 * where there is none. Rejects as {@link writeExport} and {@link refuseForeignNote} do.
 */
export async function exportToFile(
  request: TelemetryExport,
  target: Pick<ExportTarget, 'path' | 'overwrite'>,
  exported: ExportedSamples,
  clock: ClockPort,
  signal?: AbortSignal,
): Promise<string | null> {
  const { database, format, filter } = request;
  if (needsNote(format)) await refuseForeignNote(target.path);
  await writeExport({ ...target, database }, exportChunks(request, exported, signal), signal);
  if (!needsNote(format)) return null;
  const { samples: events, of } = exported;
  return writeExportNote(target.path, { database, exportedAt: clock.now(), events, of, filter });
}
