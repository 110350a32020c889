import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { UserFacingError } from '../../core/errors.ts';
import { readTelemetryLog } from '../../core/telemetry/log/readTelemetryLog.ts';
import type { NamedLog } from '../../core/telemetry/log/uniqueLogSamples.ts';
import { errnoCode, fileError } from '../files/fileError.ts';
import { fileLines } from './fileLines.ts';

/**
 * Reads the telemetry of every `.log` and `.txt` file in a folder (absolute) and the folders in it, by name; links are not
 * followed. Rejects with `not-found` without the folder or such a file, `no-permission`, `cancelled`.
 */
export async function readLogFolder(folder: string, signal?: AbortSignal): Promise<readonly NamedLog[]> {
  const logs: NamedLog[] = [];
  try {
    for (const path of await logFiles(folder)) {
      const log = await readTelemetryLog(fileLines(path), signal);
      logs.push({ ...log, name: relative(folder, path).replaceAll('\\', '/') });
    }
  } catch (error) {
    if (errnoCode(error) === 'ENOENT') throw noFolder(folder);
    throw fileError(error, folder);
  }
  if (logs.length > 0) return logs;
  throw new UserFacingError(
    'not-found',
    `There is no .log or .txt file in ${folder}.`,
    'Name the folder that the logs are in, such as .autonomous_runs.',
  );
}

async function logFiles(folder: string): Promise<readonly string[]> {
  if (!(await stat(folder)).isDirectory()) throw noFolder(folder);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.(log|txt)$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function noFolder(folder: string): UserFacingError {
  return new UserFacingError(
    'not-found',
    `There is no folder ${folder}.`,
    'Name the folder that the logs are in.',
  );
}
