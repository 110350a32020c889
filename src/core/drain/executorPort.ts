import type { PhaseKey } from '../model/phase.ts';

/** One phase to be executed by another program. */
export interface ExecutionRequest extends PhaseKey {
  /** Absolute. The executor gets it as an absolute `sqlite:///` URL. */
  readonly databasePath: string;
  /** The repository root in which the executor runs and writes deliverables; absolute. */
  readonly workspaceFolder: string;
  readonly timeoutMs: number;
  /** Where the child's output goes, whole; absolute. */
  readonly stdoutPath: string;
  readonly stderrPath: string;
}

/** How an execution ended, before anyone looked at the database. */
export interface ExecutionResult {
  readonly outcome: 'exited' | 'timed-out' | 'cancelled' | 'failed-to-start';
  /** `null` when the child was killed or never started. */
  readonly exitCode: number | null;
  readonly durationMs: number;
  /** The last few KiB of each stream, for messages and fingerprints. */
  readonly stdoutTail: string;
  readonly stderrTail: string;
}

/** Runs one phase to its end, with its whole process tree; never throws for what the child does. */
export interface ExecutorPort {
  /** `autopack`, `example`; shown and recorded. */
  readonly name: string;
  /**
   * How long after the executor's end its last commit may still come, in ms: above zero where another process (an API
   * server) writes for it.
   */
  readonly settleMs?: number;
  /** Ends the process tree and returns `cancelled` within two seconds of the signal, `timed-out` at the limit. */
  execute(request: ExecutionRequest, signal: AbortSignal): Promise<ExecutionResult>;
}
