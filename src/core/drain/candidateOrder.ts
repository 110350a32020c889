import { failureClasses } from '../model/failureClass.ts';
import type { Candidate } from '../queries/candidates.ts';

/** Candidates by their run, each run's in the order given. */
export function byRun(candidates: readonly Candidate[]): Map<string, readonly Candidate[]> {
  const runs = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const run = runs.get(candidate.runId);
    if (run === undefined) runs.set(candidate.runId, [candidate]);
    else run.push(candidate);
  }
  return runs;
}

/** Which of two phases that had as many attempts is worth more. */
export function byOrder(a: Candidate, b: Candidate): number {
  return (
    failureClasses.indexOf(a.failureClass) - failureClasses.indexOf(b.failureClass) ||
    a.phaseIndex - b.phaseIndex ||
    a.rowId - b.rowId
  );
}
