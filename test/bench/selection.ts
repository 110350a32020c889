// node test/bench/selection.ts: what choosing the next phase costs, by the size of the backlog; no database, no disk.
import type { Candidate } from '../../src/core/queries/candidates.ts';
import { CandidateQueue } from '../../src/core/drain/candidateQueue.ts';
import { DrainLedger } from '../../src/core/drain/drainLedger.ts';
import { resolveDrainOptions } from '../../src/core/drain/drainOptions.ts';
import type { DrainResult } from '../../src/core/drain/drainResult.ts';
import { failureClasses } from '../../src/core/model/failureClass.ts';
import { noYield } from '../../src/core/model/phaseObservation.ts';
import { median } from './measurement.ts';

const phasesPerRun = 50;
const options = resolveDrainOptions({ batchSize: 100_000, maxSameFailureRuns: null });

console.log(
  '| candidates (runs) | sorted once, ms | samples, µs each | after all runs are sampled, µs each |',
);
console.log('| --- | ---: | ---: | ---: |');
for (const count of [1000, 10_000, 100_000]) {
  measure(count);
  // The first round of each size warms up the compiler for the second, which is told.
  console.log(measure(count));
}

function measure(count: number): string {
  const candidates = backlogOf(count);
  const runs = count / phasesPerRun;
  const ledger = new DrainLedger(options);
  const start = performance.now();
  const queue = new CandidateQueue(candidates, options, ledger);
  const sorted = performance.now() - start;
  const samples = choices(queue, ledger, runs);
  const later = choices(queue, ledger, 300);
  const micros = (ms: number[]): string => (median(ms) * 1000).toFixed(0);
  return `| ${count.toLocaleString('en')} (${runs.toLocaleString('en')}) | ${sorted.toFixed(0)} | ${micros(samples)} | ${micros(later)} |`;
}

/** Takes phases, each of which succeeds; what choosing, recording and settling took, in ms each. */
function choices(queue: CandidateQueue, ledger: DrainLedger, count: number): number[] {
  const times: number[] = [];
  for (let taken = 0; taken < count; taken += 1) {
    const start = performance.now();
    const choice = queue.next();
    if (choice === null) throw new Error('The backlog is too small.');
    ledger.record(successOf(choice.candidate));
    queue.drop(choice.candidate, null);
    times.push(performance.now() - start);
  }
  return times;
}

function backlogOf(count: number): Candidate[] {
  return Array.from({ length: count }, (_, index) => ({
    rowId: index + 1,
    runId: `build-${Math.floor(index / phasesPerRun)}`,
    phaseId: `phase-${index % phasesPerRun}`,
    tierIndex: 0,
    phaseIndex: index % phasesPerRun,
    state: index % 3 === 0 ? 'FAILED' : 'QUEUED',
    failureClass: failureClasses[(index * 7) % failureClasses.length] ?? 'none',
    tokenCap: 50_000,
  }));
}

function successOf({ runId, phaseId, phaseIndex, state }: Candidate): DrainResult {
  return {
    ...{
      runId,
      phaseId,
      phaseIndex,
      askedFor: null,
      alongside: null,
      attempt: 1,
      initialState: state,
      finalState: 'COMPLETE',
    },
    ...{ success: true, outcome: 'exited', exitCode: 0, startedAt: 0, finishedAt: 0, durationMs: 0 },
    ...{ error: null, fingerprint: null, yield: noYield, otherTokens: 0, zeroYield: null, notes: [] },
    ...{ reachedModelLimit: false, stdoutPath: '', stderrPath: '', stdoutTail: '', stderrTail: '' },
  };
}
