import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { UserFacingError } from '../../core/errors.ts';
import { LogSampleColumns, type LogSampleRows } from '../../core/telemetry/logs/logSamples.ts';
import { readTelemetryLog } from '../../core/telemetry/logs/readTelemetryLog.ts';
import type { NamedLog } from '../../core/telemetry/logs/uniqueLogSamples.ts';
import { t } from '../../core/text/l10n.ts';
import { errnoCode, fileError } from '../system/fileError.ts';
import { RegularFile } from '../system/regularFile.ts';

/**
 * Reads the telemetry of every `.log` and `.txt` file in a folder (absolute) and the folders in it, by name; links are not
 * followed. Rejects with `not-found` without the folder or such a file, `no-permission`, `cancelled`.
 */
export async function readLogFolder(
  folder: string,
  signal?: AbortSignal,
): Promise<readonly (NamedLog & { readonly samples: LogSampleRows })[]> {
  const columns = new LogSampleColumns();
  const logs: (NamedLog & { readonly samples: LogSampleRows })[] = [];
  for (const path of await logFiles(folder)) {
    try {
      const log = await readTelemetryLog(fileBytes(path, signal), signal, columns);
      logs.push({ ...log, name: relative(folder, path).replaceAll('\\', '/') });
    } catch (error) {
      throw fileError(error, path);
    }
  }
  if (logs.length > 0) return logs;
  throw new UserFacingError(
    'not-found',
    t`There is no .log or .txt file in ${folder}.`,
    t`Name the folder that the logs are in, such as .autonomous_runs.`,
  );
}

async function logFiles(folder: string): Promise<readonly string[]> {
  const entries = await folderEntries(folder);
  return entries
    .filter((entry) => entry.isFile() && /\.(log|txt)$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

async function folderEntries(folder: string): Promise<readonly Dirent[]> {
  try {
    if ((await stat(folder)).isDirectory()) {
      return await readdir(folder, { recursive: true, withFileTypes: true });
    }
  } catch (error) {
    // It may be a folder in it that may not be read.
    if (errnoCode(error) !== 'ENOENT') throw fileError(error, errorPath(error) ?? folder);
  }
  throw noFolder(folder);
}

function errorPath(error: unknown): string | undefined {
  return error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : undefined;
}

function noFolder(folder: string): UserFacingError {
  return new UserFacingError(
    'not-found',
    t`There is no folder ${folder}.`,
    t`Name the folder that the logs are in.`,
  );
}

const pieceLength = 256 * 1024;

/**
 * A text file piece by piece in UTF-8, also where it is UTF-16 as PowerShell writes what it redirects. Ends where the file
 * ended when it was opened, so that it cannot grow faster than it is read. A piece is only good until the next is asked for.
 * No link is followed.
 */
export async function* fileBytes(path: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const file = await RegularFile.open(path, { signal });
  try {
    const { size } = file;
    const piece = Buffer.allocUnsafe(Math.min(size, pieceLength));
    let utf16: StringDecoder | undefined;
    for (let position = 0; position < size;) {
      const bytesRead = await file.read(piece.subarray(0, Math.min(piece.length, size - position)), position);
      // The file was cut meanwhile.
      if (bytesRead === 0) return;
      if (position === 0 && piece[0] === 0xff && piece[1] === 0xfe) utf16 = new StringDecoder('utf16le');
      const bytes = piece.subarray(0, bytesRead);
      yield utf16 === undefined ? bytes : Buffer.from(utf16.write(bytes));
      position += bytesRead;
    }
  } finally {
    file.close();
  }
}
