import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  formatCountsRecord,
  parseCountsRecords,
  type CountsRecord,
} from '../../core/telemetry/analysis/eventCounts.ts';
import { fileError } from '../system/fileError.ts';
import { OwnFolder } from '../system/ownFolder.ts';
import { readFileEnd } from '../system/regularFile.ts';
import { openOwnFile } from '../system/replaceFile.ts';

/** In bytes. A record takes about 300. */
const longest = 64 << 20;

/** Where counts are kept, in the folder (absolute) that Autopack runs in. */
export function countsFilePath(folder: string): string {
  return join(folder, '.autonomous_runs', 'telemetry_counts.jsonl');
}

/** The records of a file, and how many lines are none; without the file, none at all. */
export async function readCounts(path: string): Promise<ReturnType<typeof parseCountsRecords>> {
  return parseCountsRecords((await folderOf(path).read(basename(path), longest)) ?? '');
}

/** Adds a record, all of it or nothing, on a full disk too. Where the last line was cut off, the new one begins on its own. */
export async function appendCounts(path: string, record: CountsRecord): Promise<void> {
  const folder = folderOf(path);
  await folder.make();
  try {
    const isNew = !(await folder.list()).includes(basename(path));
    const file = await openOwnFile(path, 'append');
    try {
      const { size } = await file.stat();
      const end = size === 0 ? '\n' : await readFileEnd(path, 1);
      await file
        .appendFile((end === '\n' ? '' : '\n') + formatCountsRecord(record))
        .catch(async (error: unknown) => {
          await (isNew ? rm(path, { force: true }) : file.truncate(size)).catch(() => undefined);
          throw error;
        });
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileError(error, path);
  }
}

/** Below the folder Autopack runs in, which may be any link. */
function folderOf(path: string): OwnFolder {
  const folder = dirname(path);
  return new OwnFolder(dirname(folder), basename(folder));
}
