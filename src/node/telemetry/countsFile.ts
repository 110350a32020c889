import { appendFile, mkdir, readFile, rm, stat, truncate } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { formatCountsRecord, parseCountsRecords } from '../../core/telemetry/countsRecord.ts';
import type { CountsRecord } from '../../core/telemetry/countsRecord.ts';
import { errnoCode, fileError } from '../files/fileError.ts';

/** Where counts are kept, in the folder (absolute) that the reference system runs in. */
export function countsFilePath(folder: string): string {
  return join(folder, '.autonomous_runs', 'telemetry_counts.jsonl');
}

/** The records of a file, and how many lines are none; without the file, none at all. */
export async function readCounts(path: string): Promise<ReturnType<typeof parseCountsRecords>> {
  return parseCountsRecords(await readText(path));
}

/** Adds a record. Where the last line was cut off, the new one begins on its own. */
export async function appendCounts(path: string, record: CountsRecord): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    const before = await readText(path);
    const gap = before === '' || before.endsWith('\n') ? '' : '\n';
    await append(path, gap + formatCountsRecord(record));
  } catch (error) {
    throw fileError(error, path);
  }
}

/** All of it or nothing, on a full disk too: no file of no records, and no line cut off. */
async function append(path: string, text: string): Promise<void> {
  const before = await stat(path).catch(() => null);
  try {
    await appendFile(path, text);
  } catch (error) {
    await (before === null ? rm(path, { force: true }) : truncate(path, before.size)).catch(() => undefined);
    throw error;
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errnoCode(error) === 'ENOENT') return '';
    throw fileError(error, path);
  }
}
