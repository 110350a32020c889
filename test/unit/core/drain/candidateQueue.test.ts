import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Candidate } from '../../../../src/core/queries/candidates.ts';
import { CandidateQueue, type Choice } from '../../../../src/core/drain/candidateQueue.ts';
import { DrainLedger } from '../../../../src/core/drain/drainLedger.ts';
import { resolveDrainOptions } from '../../../../src/core/drain/drainOptions.ts';
import type { DrainResult } from '../../../../src/core/drain/drainResult.ts';
import { failureClasses } from '../../../../src/core/model/failureClass.ts';
import { phaseSkip, runSkip } from '../../../../src/core/drain/skips.ts';
import { phaseSnapshot } from '../../../support/phaseSnapshot.ts';
import { exampleResult } from '../../editor/support/examples.ts';

const options = resolveDrainOptions({
  batchSize: 1000,
  maxAttemptsPerPhase: 3,
  maxFingerprintRepeats: 4,
  skipRunPrefixes: ['old'],
});
const backlog = fc.array(
  fc.record({
    runId: fc.constantFrom('a', 'b', 'c', 'd', 'old'),
    phaseIndex: fc.nat(5),
    failureClass: fc.constantFrom(...failureClasses),
  }),
  { minLength: 1, maxLength: 30, size: 'max' },
);
const ends = fc.array(
  fc.record({
    success: fc.boolean(),
    outcome: fc.constantFrom(
      'exited' as const,
      'exited' as const,
      'timed-out' as const,
      'interrupted' as const,
    ),
    error: fc.constantFrom('red', 'green', 'blue', 'HTTP status 429'),
    gives: fc.boolean(),
    /** Which other phase of the run was executed instead, counted on from the one asked for; mostly none. */
    instead: fc.constantFrom(0, 0, 0, 1, 2),
    failureClass: fc.constantFrom(...failureClasses),
  }),
  { minLength: 60, maxLength: 60 },
);

/** What is next by the words of the rule: looked for in all that is left, every time anew. */
function nextByRule(left: readonly Candidate[], ledger: DrainLedger): Candidate | null {
  const worth = (a: Candidate, b: Candidate): number =>
    ledger.attemptsOf(a) - ledger.attemptsOf(b) ||
    failureClasses.indexOf(a.failureClass) - failureClasses.indexOf(b.failureClass) ||
    a.phaseIndex - b.phaseIndex ||
    a.rowId - b.rowId;
  const able = left.filter(
    (each) => runSkip(each.runId, ledger, options) === null && phaseSkip(each, ledger, options) === null,
  );
  return able.filter(({ runId }) => ledger.verdictOn(runId) !== null).sort(worth)[0] ?? null;
}

describe('CandidateQueue', () => {
  it('takes the best of all promising runs, whatever their phases came to', () => {
    fc.assert(
      fc.property(backlog, ends, (given, script) => {
        let left: Candidate[] = given.map((each, index) => ({
          ...each,
          rowId: index + 1,
          tierIndex: 0,
          phaseId: `p${index}`,
          state: 'FAILED',
          tokenCap: null,
        }));
        const ledger = new DrainLedger(options);
        const queue = new CandidateQueue(left, options, ledger);
        for (const end of script) {
          const choice = queue.next();
          if (choice === null) {
            assert.equal(nextByRule(left, ledger), null);
            return;
          }
          if (choice.kind === 'promising') {
            assert.equal(choice.candidate.rowId, nextByRule(left, ledger)?.rowId);
          }
          const result = resultOf(choice, end, left);
          ledger.record(result);
          left = left
            .filter(
              ({ runId, phaseId }) =>
                !(result.success && runId === result.runId && phaseId === result.phaseId),
            )
            .map((each) =>
              each.phaseId === result.phaseId ? { ...each, failureClass: end.failureClass } : each,
            );
          queue.settle(result.runId, snapshotsOf(left, result.runId));
        }
      }),
      { numRuns: 500 },
    );
  });
});

function resultOf(
  { candidate, attempt }: Choice,
  {
    success,
    outcome,
    error,
    gives,
    instead,
  }: (typeof ends extends fc.Arbitrary<infer T> ? T : never)[number],
  left: readonly Candidate[],
): DrainResult {
  const { runId } = candidate;
  const ofRun = left.filter((each) => each.runId === runId);
  const at = ofRun.findIndex(({ phaseId }) => phaseId === candidate.phaseId);
  const { phaseId } = ofRun[(at + instead) % ofRun.length] ?? candidate;
  return exampleResult({
    ...{ runId, phaseId, attempt, success, error, outcome: success ? 'exited' : outcome },
    askedFor: phaseId === candidate.phaseId ? null : candidate.phaseId,
    fingerprint: success || outcome === 'interrupted' ? null : error,
    yield: { ...exampleResult().yield, estimationEvents: gives ? 1 : 0 },
  });
}

const reasons: Readonly<Record<(typeof failureClasses)[number], string | null>> = {
  none: null,
  collection: 'import error',
  deliverable: 'missing deliverable',
  patch: 'patch failed',
  other: 'odd',
  timeout: 'timed out',
};

function snapshotsOf(left: readonly Candidate[], runId: string): Parameters<CandidateQueue['settle']>[1] {
  return left
    .filter((each) => each.runId === runId)
    .map(({ phaseId, phaseIndex, failureClass }) =>
      phaseSnapshot({ phaseId, phaseIndex, state: 'FAILED', failureReason: reasons[failureClass] }),
    );
}
