import type { ExecutionHost } from './executionHost.ts';
import type { ModelSpend } from './modelCall.ts';
import type { Phase, PhaseKey } from './phase.ts';

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
  /** `interrupted`: whoever waited for its end was killed, so that nothing is known of it. */
  readonly outcome: 'exited' | 'timed-out' | 'cancelled' | 'failed-to-start' | 'interrupted';
  /** `null` when the child was killed or never started. */
  readonly exitCode: number | null;
  readonly durationMs: number;
  /** The last few KiB of each stream, for messages and fingerprints. */
  readonly stdoutTail: string;
  readonly stderrTail: string;
  /** What a person should know of it besides, in sentences. */
  readonly notes?: readonly string[];
  /** What it used of models, where the executor itself called them. */
  readonly spend?: ModelSpend;
}

/** Why an executor can execute no phase right now, and what to do about it: a sentence each. */
export interface ExecutorProblem {
  readonly message: string;
  readonly nextStep: string;
}

/** What executing some phases is to cost by the price list. */
export interface CostQuote {
  readonly model: string;
  /** The day of the prices, and US dollars; `null` where no price is known for the model. */
  readonly price: { readonly date: string; readonly expected: number; readonly most: number } | null;
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
  /**
   * Whether it runs the first QUEUED phase of the run (see `byRunOrder`) whatever phase it is asked for, as Autopack's
   * script does.
   */
  readonly runsFirstQueued?: boolean;
  /** Variables that decide what executions come to, as they are set for them. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What keeps any phase from being executed right now: its API server is gone, a key is wrong. `null` if nothing is known. */
  problem?(): Promise<ExecutorProblem | null>;
  /**
   * Ends the process tree and returns `cancelled` within two seconds of the signal, `timed-out` at the limit. `host` is for
   * an executor that works in this very process.
   */
  execute(request: ExecutionRequest, signal: AbortSignal, host: ExecutionHost): Promise<ExecutionResult>;
  /** What the phases are to cost with so many attempts each at most, where the executor itself calls a model. */
  readonly quote?: (phases: readonly Phase[], attempts: number) => Promise<CostQuote>;
  /** Whether any program is at work on a phase of this database right now, as far as can be told. */
  isAtWork?(databasePath: string, key: PhaseKey): Promise<boolean>;
  /**
   * Follows an execution that a killed drain has left running, under what is left of its time, and resolves when nobody
   * is at work on the phase any more: `interrupted`, since its exit code is lost, also when it had ended before. Where
   * it has to wait, it tells once for which processes. At its limit, or cancelled, it ends them.
   */
  follow?(
    request: ExecutionRequest,
    signal: AbortSignal,
    onWaiting: (pids: readonly number[]) => void,
    host: ExecutionHost,
  ): Promise<ExecutionResult>;
}
