import type { PhaseKey } from '../model/phase.ts';
import { errorMaskVersion } from './errorMasks.ts';
import type { ExecutionResult } from './executorPort.ts';
import { maskError } from './maskError.ts';

/** What a failure is recognised by. */
export interface Failure extends PhaseKey {
  readonly outcome: ExecutionResult['outcome'];
  readonly exitCode: number | null;
  readonly error: string;
}

/**
 * The fingerprint of a failure: return-code class | masked error, the version of the masks before it
 * (`rc1|h3:<path> not found`). The state in which the phase was left is no part of it, unlike the reference's: the same
 * error leaves phases QUEUED, EXECUTING and FAILED.
 */
export function fingerprintOf(failure: Failure): string {
  const error = maskError(failure.error, [failure.runId, failure.phaseId]);
  return `${returnCodeClass(failure)}|${errorFingerprint(error)}`;
}

/** Whether a stored fingerprint was made by these masks; others (of earlier versions, of the reference) cannot be compared. */
export function isCurrentFingerprint(fingerprint: string): boolean {
  return new RegExp(`^[a-z0-9-]+\\|${errorMaskVersion}:`).test(fingerprint);
}

/** The fingerprint of a masked error alone, where nothing is known of how the executor ended (`h3:<path> not found`). */
export function errorFingerprint(maskedError: string): string {
  return `${errorMaskVersion}:${maskedError}`;
}

function returnCodeClass({ outcome, exitCode }: Failure): string {
  if (outcome === 'timed-out') return 'timeout';
  if (outcome === 'failed-to-start') return 'not-started';
  // 143 is how a shell reports SIGTERM; null is a signal nobody here has sent.
  return exitCode === null ? 'killed' : `rc${exitCode}`;
}
