import { keyOf } from './candidate.ts';
import type { DrainPorts, DrainTarget } from './drainPorts.ts';
import type { DrainResult } from './drainResult.ts';

/**
 * Sets FAILED what a drain had to leave EXECUTING because the database was locked or out of reach just then, unless
 * another program is at it by now, and corrects the results. Answers with the same list where there was nothing to do.
 */
export async function mendLeftovers(
  results: readonly DrainResult[],
  { databasePath }: DrainTarget,
  { store, executor }: Pick<DrainPorts, 'store' | 'executor'>,
  signal: AbortSignal,
): Promise<readonly DrainResult[]> {
  const last = new Map(results.map((result, index) => [keyOf(result), index]));
  const mended = [...results];
  let isMended = false;
  for (const index of last.values()) {
    const result = results[index];
    if (result === undefined || !['EXECUTING', 'UNKNOWN'].includes(result.finalState)) continue;
    const { phase } = await store.observe(result, null, signal);
    if (phase?.state !== 'EXECUTING') continue;
    if ((await executor.isAtWork?.(databasePath, result)) === true) continue;
    const reason = `Left EXECUTING by an earlier part of the drain: ${result.error ?? 'no reason was given'}`;
    if (!(await store.fail(result, reason, 'EXECUTING'))) continue;
    mended[index] = {
      ...result,
      finalState: 'FAILED',
      notes: [...result.notes, `${result.phaseId} was left EXECUTING and is set FAILED at the resume.`],
    };
    isMended = true;
  }
  return isMended ? mended : results;
}
