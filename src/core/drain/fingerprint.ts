import type { PhaseKey } from '../model/phase.ts';
import type { State } from '../model/state.ts';
import { errorMaskVersion } from './errorMasks.ts';
import type { ExecutionResult } from './executorPort.ts';
import { maskError } from './maskError.ts';

/** What a failure is recognised by. */
export interface Failure extends PhaseKey {
  readonly finalState: State;
  readonly outcome: ExecutionResult['outcome'];
  readonly exitCode: number | null;
  readonly error: string;
}

/**
 * The fingerprint of a failure: final state | return-code class | masked error, as the reference builds it.
 * The version of the masks stands before the error (`FAILED|rc1|h2:<path> not found`).
 */
export function fingerprintOf(failure: Failure): string {
  const error = maskError(failure.error, [failure.runId, failure.phaseId]);
  return `${failure.finalState}|${returnCodeClass(failure)}|${errorFingerprint(error)}`;
}

/** The fingerprint of a masked error alone, where nothing is known of how the executor ended (`h2:<path> not found`). */
export function errorFingerprint(maskedError: string): string {
  return `${errorMaskVersion}:${maskedError}`;
}

function returnCodeClass({ outcome, exitCode }: Failure): string {
  if (outcome === 'timed-out') return 'timeout';
  if (outcome === 'failed-to-start') return 'not-started';
  // 143 is how a shell reports SIGTERM; null is a signal nobody here has sent.
  return exitCode === null ? 'killed' : `rc${exitCode}`;
}
