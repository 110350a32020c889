import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DrainSummary } from '../../core/drain/drainSummary.ts';
import { drainMarkdown } from './drainMarkdown.ts';

/** Where a session keeps its logs: a folder of its name beside the session file. Absolute. */
function sessionFolder(sessionPath: string): string {
  return sessionPath.slice(0, -'.json'.length);
}

/** Writes what a drain came to beside its logs and returns the absolute path; `undefined` where nothing was drained. */
export async function writeDrainReport(summary: DrainSummary, database: string): Promise<string | undefined> {
  const { sessionPath } = summary;
  if (sessionPath === null) return undefined;
  const folder = sessionFolder(sessionPath);
  const path = join(folder, 'report.md');
  await mkdir(folder, { recursive: true });
  await writeFile(path, drainMarkdown(summary, database, folder));
  return path;
}
