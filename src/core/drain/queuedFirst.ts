import { firstQueued } from '../model/phase.ts';
import { byRun, type Candidate } from '../queries/candidates.ts';

/** Which phase of a run comes first in Autopack's own queue, for executors that run that one. */
export class QueuedFirst {
  /** QUEUED phases outside the scope, by run. */
  readonly #others: Map<string, readonly Candidate[]>;
  /** By run, which QUEUED phase comes first, in scope or not. Forgotten when its run changes. */
  readonly #firsts = new Map<string, Candidate | undefined>();

  /** `others` are QUEUED phases of the same runs that are outside the scope. */
  constructor(others: readonly Candidate[]) {
    this.#others = byRun(others);
  }

  /** `candidates` are those of the run that are in scope. */
  of(runId: string, candidates: readonly Candidate[]): Candidate | undefined {
    if (!this.#firsts.has(runId)) {
      this.#firsts.set(runId, firstQueued([...candidates, ...(this.#others.get(runId) ?? [])]));
    }
    return this.#firsts.get(runId);
  }

  /** After phases of a run have changed: which of those outside the scope stay queued. */
  change(runId: string, isQueued: (phaseId: string) => boolean): void {
    const others = this.#others.get(runId);
    if (others !== undefined)
      this.#others.set(
        runId,
        others.filter(({ phaseId }) => isQueued(phaseId)),
      );
    this.#firsts.delete(runId);
  }
}
