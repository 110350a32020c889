import type { DrainResult } from '../../core/drain/drainResult.ts';
import type { PhaseKey } from '../../core/model/phase.ts';
import { UserFacingError } from '../../core/errors.ts';
import { SessionFiles } from './sessionStore.ts';

/** One execution of a phase, and the drain it was part of. */
export interface PhaseExecution {
  readonly sessionId: string;
  readonly result: DrainResult;
}

/**
 * What the drains of a workspace folder (absolute) did with a phase of a database (a real path), the newest first. Sessions
 * that cannot be read say nothing; listing the drains of the folder names them.
 */
export async function executionsOfPhase(
  workspaceFolder: string,
  databasePath: string,
  { runId, phaseId }: PhaseKey,
): Promise<PhaseExecution[]> {
  const files = new SessionFiles(workspaceFolder);
  const ids = (await files.list()).sort().reverse();
  const found = await Promise.all(
    ids.map(async (sessionId) => {
      const { facts } = await files.load(sessionId).catch(whereReadable);
      if (facts?.databasePath !== databasePath) return [];
      return facts.results
        .filter((result) => result.runId === runId && result.phaseId === phaseId)
        .map((result) => ({ sessionId, result }))
        .reverse();
    }),
  );
  return found.flat();
}

function whereReadable(error: unknown): { readonly facts: null } {
  if (error instanceof UserFacingError) return { facts: null };
  throw error;
}
