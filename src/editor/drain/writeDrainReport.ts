import { basename, dirname } from 'node:path';
import type { DrainSummary } from '../../core/drain/drainSummary.ts';
import { OwnFolder } from '../../node/system/ownFolder.ts';
import { drainMarkdown } from './drainMarkdown.ts';

const reportName = 'report.md';

/** Where a session keeps its logs: a folder of its name beside the session file. Absolute. */
function sessionFolder(sessionPath: string): string {
  return sessionPath.slice(0, -'.json'.length);
}

/** Writes what a drain came to beside its logs and returns the absolute path; `undefined` where nothing was drained. */
export async function writeDrainReport(summary: DrainSummary, database: string): Promise<string | undefined> {
  const { sessionPath } = summary;
  if (sessionPath === null) return undefined;
  const path = sessionFolder(sessionPath);
  const folder = new OwnFolder(dirname(path), basename(path));
  await folder.write(reportName, drainMarkdown(summary, database, path));
  return folder.file(reportName);
}
