import { causeInOutput, causeOf, isBareStatus, type FailureCause } from '../failures/failureCause.ts';
import { outputLines } from '../failures/outputLines.ts';
import type { ExecutionResult } from '../model/execution.ts';
import type { PhaseSnapshot } from '../model/phaseObservation.ts';
import { cutStart } from '../text/printable.ts';
import { wasWorkedOn } from './detectExecutedPhase.ts';

const longest = 1000;

/** Why an execution did not complete its phase. */
export interface ExplainedError {
  /** Never empty. */
  readonly text: string;
  /** What the database says in its place, where that is only a status; `null` as a rule. */
  readonly status: string | null;
}

/**
 * Why an execution did not complete its phase: the most specific of the reason in the database and the lines of
 * its output, otherwise how it ended. `after` is the phase as the execution left it, before anybody set it right.
 */
export function errorOf(
  before: PhaseSnapshot,
  after: PhaseSnapshot | null,
  execution: ExecutionResult,
  timeoutSeconds: number,
): ExplainedError {
  if (after === null) return explained('The phase is no longer in the database.');
  const reason = wasWorkedOn(before, after) ? meaningful(after.failureReason) : null;
  const cause = causeOf(reason, execution, before.phaseId);
  const isOfOutput = cause?.source !== 'database';
  if (cause !== null && !isOfOutput && !isBareStatus(cause.text)) return explained(cause.text);
  if (execution.outcome === 'timed-out') return explained(`Timed out after ${timeoutSeconds} s.`);
  if (execution.outcome === 'cancelled') return explained('Cancelled by user.');
  if (execution.outcome === 'interrupted') {
    return explained('The drain was interrupted while the phase was executed.');
  }
  if (cause === null || !isOfOutput) return howItEnded(reason, execution);
  return explained(cause.text, reason);
}

/** The most informative line of output about what went wrong; stderr comes first. */
export function complaintOf({ stdoutTail, stderrTail }: ExecutionResult): string | null {
  const found = [causeInOutput(stderrTail, 'stderr'), causeInOutput(stdoutTail, 'stdout')];
  const best = found.reduce<FailureCause | null>(
    (most, each) => (each !== null && each.weight > (most?.weight ?? 0) ? each : most),
    null,
  );
  return best === null ? null : cutStart(best.text, longest);
}

/** Where nothing complains: a status there is, unless the exit code says more, or the last words. */
function howItEnded(
  status: string | null,
  { exitCode, stdoutTail, stderrTail }: ExecutionResult,
): ExplainedError {
  const end = exitText(exitCode);
  const isTelling = exitCode === null || exitCodeMeaning(exitCode) !== null;
  if (status !== null && !isTelling) return explained(status);
  const last = lastLine(stderrTail) ?? lastLine(stdoutTail);
  return explained(
    last === null || isBareStatus(last) ? `${end}, no output that says why.` : `${end}: ${last}`,
    status,
  );
}

function explained(text: string, status: string | null = null): ExplainedError {
  return { text: cutStart(text, longest), status: status === text ? null : status };
}

function meaningful(reason: string | null): string | null {
  return reason === null || reason.trim() === '' ? null : reason.trim();
}

function lastLine(output: string): string | null {
  return (
    outputLines(output)
      .findLast((each) => each.trim() !== '')
      ?.trim() ?? null
  );
}

/** What a process that did not end by itself leaves as its exit code: by shells (128 + signal), by Python (- signal), by Windows (NTSTATUS). */
const signals: Readonly<Record<number, string>> = {
  1: 'SIGHUP: its terminal was closed',
  2: 'SIGINT: interrupted',
  3: 'SIGQUIT',
  4: 'SIGILL: illegal instruction',
  5: 'SIGTRAP',
  6: 'SIGABRT: aborted',
  7: 'SIGBUS: bad memory access',
  8: 'SIGFPE: arithmetic error',
  9: 'SIGKILL: killed, often because memory ran out',
  11: 'SIGSEGV: crashed',
  13: 'SIGPIPE: its reader is gone',
  14: 'SIGALRM: its timer ran out',
  15: 'SIGTERM: asked to end',
  24: 'SIGXCPU: used up its processor time',
  25: 'SIGXFSZ: wrote too large a file',
  31: 'SIGSYS: forbidden system call',
};

const windowsStatus: Readonly<Record<number, string>> = {
  0x40010004: 'ended with the session of its user',
  0xc0000005: 'crashed: access violation',
  0xc0000017: 'out of memory',
  0xc000001d: 'crashed: illegal instruction',
  0xc00000fd: 'crashed: stack overflow',
  0xc0000135: 'a library was not found',
  0xc0000139: 'a library lacks a function',
  0xc000013a: 'interrupted by Ctrl+C',
  0xc0000142: 'a library could not be initialized',
  0xc0000374: 'crashed: heap corruption',
  0xc0000409: 'crashed: stack buffer overrun',
};

const shellCodes: Readonly<Record<number, string>> = {
  126: 'the command cannot be executed',
  127: 'command not found',
  9009: 'command not found',
};

/** What an exit code means where it is no choice of the program, in words; `null` for any other. */
export function exitCodeMeaning(exitCode: number): string | null {
  const unsigned = exitCode < -255 ? exitCode + 2 ** 32 : exitCode;
  if (exitCode < 0 && exitCode >= -64) return signals[-exitCode] ?? `signal ${-exitCode}`;
  if (exitCode > 128 && exitCode <= 165) return signals[exitCode - 128] ?? `signal ${exitCode - 128}`;
  return windowsStatus[unsigned] ?? shellCodes[exitCode] ?? null;
}

/** How a program ended, in words. */
export function exitText(exitCode: number | null): string {
  if (exitCode === null) return 'Ended by a signal';
  const meaning = exitCodeMeaning(exitCode);
  return meaning === null ? `Exit code ${exitCode}` : `Exit code ${exitCode} (${meaning})`;
}
