/** Context keys that the manifest's `when` clauses read, and their values. */
export interface ContextValues {
  /** Whether the extension runs in a web worker, where only what reads is offered. */
  readonly web: boolean;
  /** Whether a database is selected, and whether it can be read. */
  readonly database: 'none' | 'checking' | 'ready' | 'problem';
  /** Whether the selected database is one of PostgreSQL, which has no file. */
  readonly postgres: boolean;
  /** The code of the problem, or `''`. */
  readonly problem: string;
  /** The selected database is being drained. */
  readonly draining: boolean;
  /** Whether the plan of a drain waits for its answer. */
  readonly planPending: boolean;
  /** Whether files wait for a decision, and whether their diff is on the screen. */
  readonly proposalPending: boolean;
  readonly proposalShown: boolean;
  /** Whether drains of this workspace write files without asking. */
  readonly handsOff: boolean;
  /** Whether drains of this workspace run the tests of phases. */
  readonly runsPhaseTests: boolean;
  /** Whether issues of the selected database are ignored. */
  readonly ignoredIssues: boolean;
  /** Whether the rows of the Runs view have boxes, and whether any is ticked. */
  readonly checkboxes: boolean;
  readonly rowsChecked: boolean;
  /** Addresses of the phase documents that are open and whose phase can be drained, and queued again. */
  readonly drainablePhases: readonly string[];
  readonly requeueablePhases: readonly string[];
  /** Whether the Runs view is filtered. */
  readonly filtered: boolean;
  /** Whether any drain that is followed can be cancelled, paused, continued. */
  readonly drainCancellable: boolean;
  readonly drainPausable: boolean;
  readonly drainPaused: boolean;
}

export const contextIds = {
  web: 'autopackHygiene.web',
  database: 'autopackHygiene.database',
  postgres: 'autopackHygiene.postgres',
  problem: 'autopackHygiene.problem',
  draining: 'autopackHygiene.draining',
  planPending: 'autopackHygiene.planPending',
  proposalPending: 'autopackHygiene.proposalPending',
  proposalShown: 'autopackHygiene.proposalShown',
  handsOff: 'autopackHygiene.handsOff',
  runsPhaseTests: 'autopackHygiene.runsPhaseTests',
  ignoredIssues: 'autopackHygiene.ignoredIssues',
  checkboxes: 'autopackHygiene.checkboxes',
  rowsChecked: 'autopackHygiene.rowsChecked',
  drainablePhases: 'autopackHygiene.drainablePhases',
  requeueablePhases: 'autopackHygiene.requeueablePhases',
  filtered: 'autopackHygiene.filtered',
  drainCancellable: 'autopackHygiene.drainCancellable',
  drainPausable: 'autopackHygiene.drainPausable',
  drainPaused: 'autopackHygiene.drainPaused',
} as const satisfies { readonly [Name in keyof ContextValues]: `autopackHygiene.${Name}` };
