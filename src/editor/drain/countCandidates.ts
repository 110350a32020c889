import { UserFacingError } from '../../core/errors.ts';
import type { DatabaseFacts } from '../../core/model/databaseFacts.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { drainableCount, isDrainable } from '../runs/drainable.ts';
import { stateLabel } from '../runs/stateLabels.ts';
import type { DrainSubject } from './drainSubject.ts';

/** How many phases of the subject could be drained. Fails with `invalid-argument` where none can, saying why. */
export async function countCandidates(
  subject: DrainSubject,
  facts: DatabaseFacts,
  reader: DatabaseReader,
): Promise<number> {
  switch (subject.kind) {
    case 'batch':
      return someOf(drainableCount(facts.phaseStates), 'The database has no phase that is queued or failed.');
    case 'run': {
      const { value } = await reader.ask(facts.path, 'runDetail', { runId: subject.runId });
      const candidates = value.phases.filter(({ state }) => isDrainable(state)).length;
      return someOf(candidates, `The run ${subject.runId} has no phase that is queued or failed.`);
    }
    case 'phase': {
      const { value: phase } = await reader.ask(facts.path, 'phase', subject);
      const candidates = isDrainable(phase.state) ? 1 : 0;
      return someOf(candidates, `The phase ${phase.phaseId} is ${stateLabel(phase.state)}.`);
    }
  }
}

function someOf(candidates: number, reason: string): number {
  if (candidates > 0) return candidates;
  throw new UserFacingError(
    'invalid-argument',
    `${reason} Nothing can be drained.`,
    'Seed a run, or choose another.',
  );
}
