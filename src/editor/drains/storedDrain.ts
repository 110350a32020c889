import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoCode } from '../../node/files/fileError.ts';
import { SessionFiles } from '../../node/drain/sessionFiles.ts';

/** Where a workspace folder keeps its drain sessions, with `/` between the parts. */
export const sessionsFolder = '.autonomous_runs/batch_drain_sessions';

/** A session as it lies on disk. */
export type StoredDrain = Awaited<ReturnType<SessionFiles['load']>> & {
  /** The workspace folder it belongs to; absolute. */
  readonly folder: string;
};

/** Names a session: its id is unique only within its workspace folder. */
export interface SessionPlace {
  /** Absolute. */
  readonly folder: string;
  readonly sessionId: string;
}

/** The absolute path of a session's file, which the reference reads too. */
export function sessionPath({ folder, sessionId }: SessionPlace): string {
  return join(folder, sessionsFolder, `${sessionId}.json`);
}

/** The ids of the sessions of a workspace folder, none if it never drained; reads no session. */
export async function listSessionIds(folder: string): Promise<readonly string[]> {
  try {
    const names = await readdir(join(folder, sessionsFolder));
    return names.flatMap((name) => /^(batch-drain-.+)\.json$/.exec(name)?.[1] ?? []);
  } catch (error) {
    if (errnoCode(error) === 'ENOENT' || errnoCode(error) === 'ENOTDIR') return [];
    throw error;
  }
}

/** Reads a session of ours or of the reference; see {@link SessionFiles.load} for what it throws. */
export async function readStoredDrain({ folder, sessionId }: SessionPlace): Promise<StoredDrain> {
  return { ...(await new SessionFiles(folder).load(sessionId)), folder };
}
