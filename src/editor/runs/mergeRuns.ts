import type { ListedRun } from './listedRuns.ts';
import { RunNode } from './runNode.ts';

/** Keeps the row of every run that is still there, and tells which of them changed. */
export function mergeRuns(
  before: readonly RunNode[],
  listed: readonly ListedRun[],
): { readonly runs: readonly RunNode[]; readonly changed: RunNode[] } {
  const known = new Map(before.map((run) => [run.runId, run]));
  const changed: RunNode[] = [];
  const runs = listed.map((each) => {
    const run = known.get(each.run.id);
    if (run === undefined) return new RunNode(each, false);
    if (run.update(each)) changed.push(run);
    return run;
  });
  return { runs, changed };
}
