import type { ModelCall } from './modelCall.ts';
import type { PhaseKey } from './phase.ts';
import type { PhaseBrief } from './phaseBrief.ts';

/** What an executor that works inside the drain's own process needs of the drain. */
export interface ExecutionHost {
  readonly ledger: PhaseLedgerPort;
  /** Reports what the execution is at; must not throw and not wait. */
  report(activity: ExecutionActivity): void;
  /** Asked before files are written; `null` where somebody chose that nobody is. */
  readonly person: PersonPort | null;
  /** What the drain may still spend, as far as limits are set. */
  readonly budget: ExecutionBudget;
}

/** What is left of a drain's limits when an execution begins; `null` is no limit. */
export interface ExecutionBudget {
  readonly tokens: number | null;
  /** US dollars. */
  readonly cost: number | null;
}

/** What an execution is at, for the views. */
export interface ExecutionActivity {
  readonly step: 'asking' | 'approving' | 'writing' | 'verifying' | 'waiting';
  /** Output tokens so far, of all calls of this execution; estimated while an answer streams in. */
  readonly outputTokens: number;
  /** US dollars so far; `null` where no price is known. */
  readonly cost: number | null;
  /** Until when it waits, in ms since the epoch, for `waiting`. */
  readonly until?: number;
}

/** A phase that was moved to EXECUTING for us. */
export interface ClaimedPhase extends ClaimKey {
  readonly brief: PhaseBrief;
}

/** What tells one claim of a phase from any other, and what it becomes again when the claim is given up. */
export interface ClaimKey extends PhaseKey {
  /** `builder_attempts` with this one; 0 where the schema has no such column. */
  readonly attempt: number;
  /** The states before, as stored; `null` where there is no such row. */
  readonly before: { readonly phase: string; readonly tier: string | null; readonly run: string | null };
  /** Ms since the epoch. */
  readonly claimedAt: number;
}

/** A call with what was predicted for it, as telemetry records them. Tokens are output tokens. */
export interface RecordedCall extends ModelCall {
  readonly predicted: number;
  readonly selectedBudget: number;
  /** Whether its answer could be used. */
  readonly success: boolean;
  /** Whether the output was cut off; `null` where that is not known. */
  readonly truncated: boolean | null;
}

/** How an attempt ended. */
export interface PhaseSettlement {
  /** `QUEUED` where the end says nothing about the phase (a wrong key, a cancelled drain): no attempt is counted then. */
  readonly state: 'COMPLETE' | 'FAILED' | 'QUEUED';
  /** `null` for a phase that is complete. */
  readonly reason: string | null;
  /** Whether it ran into its time limit. */
  readonly timedOut: boolean;
  readonly calls: readonly RecordedCall[];
}

/** The rows of one phase in its database, written by guarded transactions; all fail with `UserFacingError`. */
export interface PhaseLedgerPort {
  /** Moves a QUEUED or FAILED phase to EXECUTING; `null` where it is in no such state any more. */
  claim(key: PhaseKey): Promise<ClaimedPhase | null>;
  /** Whether the phase still is as it was claimed. */
  holds(claim: ClaimKey): Promise<boolean>;
  /**
   * Writes how an attempt ended and the telemetry of its calls in one transaction, if the phase still is as it was claimed;
   * returns whether it was. Where it was not, only the calls are recorded, which were made all the same. A call that is in
   * the database already is not recorded again.
   */
  settle(claim: ClaimKey, settlement: PhaseSettlement): Promise<boolean>;
}

/** Files as they are and as they would become, for a person to look at. Paths are relative to the repository, with `/`. */
export interface ProposedFiles {
  readonly key: PhaseKey;
  readonly files: readonly {
    readonly path: string;
    /** `null` for a new file. */
    readonly before: string | null;
    readonly after: string;
  }[];
}

/** A person who watches the drain. */
export interface PersonPort {
  /** Resolves with the decision on exactly these contents; `absent` where nobody is there (any more). */
  approve(proposal: ProposedFiles, signal: AbortSignal): Promise<'approved' | 'rejected' | 'absent'>;
}
