import type { ProposedFiles } from '../model/executionHost.ts';
import type { PhaseBrief } from '../model/phaseBrief.ts';
import type { AnsweredFile } from './answerFormat.ts';

/** A file that a phase asks to be read, as far as it could be shown. */
export interface ContextFile {
  /** Relative to the repository, with `/`. */
  readonly path: string;
  readonly text: string;
  /** A file that the phase is to write and that is there already, rather than one to read. */
  readonly isDeliverable: boolean;
}

/** What an answer may be written to, checked path by path before anything is touched. */
export interface FilePlan {
  readonly proposal: ProposedFiles;
  /** Paths that are refused, each with why, in a sentence; then nothing is written. */
  readonly refused: readonly { readonly path: string; readonly reason: string }[];
}

/** The files of a workspace, as far as one phase may touch them. */
export interface PhaseFilesPort {
  /** Whether each deliverable exists, in their order; one that may not be written does not. */
  existing(brief: PhaseBrief): Promise<readonly boolean[]>;
  /**
   * Reads the deliverables that are there and the read-only context within bounds, the largest cut first; `notes` says what was
   * cut or left out, in sentences.
   */
  context(
    brief: PhaseBrief,
  ): Promise<{ readonly files: readonly ContextFile[]; readonly notes: readonly string[] }>;
  /** Checks every path of an answer against scope and protected files, and reads what is there now. */
  plan(brief: PhaseBrief, files: readonly AnsweredFile[]): Promise<FilePlan>;
  /**
   * Writes exactly the contents of the plan, all or none, each path checked again as it is opened; what was there before is
   * kept as a checkpoint in `attemptFolder` first. Fails with `UserFacingError`; then all is as it was.
   */
  write(plan: FilePlan, attemptFolder: string): Promise<void>;
  /**
   * Puts back what the checkpoint in `attemptFolder` holds, where the files still are as `write` left them; returns the paths
   * that were changed since, which are left. Does nothing where there is no checkpoint.
   */
  restore(attemptFolder: string): Promise<readonly string[]>;
}

/** What was found of a phase's deliverables. */
export interface Verification {
  /** What is wrong, in sentences; empty: the phase is complete. */
  readonly problems: readonly string[];
  /** What could not be checked and why: "not checked: no Python here". */
  readonly notChecked: readonly string[];
}

/** Checks deliverables by what the machine has. */
export interface VerifierPort {
  /**
   * Makes ready what the files of a phase will be checked with, while its model is at work; does not wait and never throws.
   * What it gives says that the phase needs it no longer.
   */
  prepare(brief: PhaseBrief): () => void;
  /** Each file of the answer parses; in memory, before anything is written. */
  parse(files: readonly AnsweredFile[], signal: AbortSignal): Promise<Verification>;
  /** Every deliverable exists and is not empty; the phase's tests pass, where they may be run. */
  verify(brief: PhaseBrief, signal: AbortSignal): Promise<Verification>;
}
