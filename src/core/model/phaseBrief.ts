import type { PhaseKey } from './phase.ts';

/** A phase as its builder needs it. All of it is what a database says: nothing of it is to be trusted. */
export interface PhaseBrief extends PhaseKey {
  readonly name: string;
  readonly description: string;
  /** As stored; `implementation` where none is. */
  readonly category: string;
  readonly complexity: 'low' | 'medium' | 'high';
  /** Paths of files to write, relative to the repository, as stored. */
  readonly deliverables: readonly string[];
  /** Files and folders (with a slash at their end, or not) in which may be written; empty: the deliverables alone. */
  readonly paths: readonly string[];
  /** Files and folders to show to the model. */
  readonly readOnlyContext: readonly string[];
  readonly acceptanceCriteria: readonly string[];
  /** What else the scope asks for, in lines: goals, features, constraints. */
  readonly constraints: readonly string[];
  /** Why the last attempt failed; `null` for the first. */
  readonly lastFailureReason: string | null;
}
