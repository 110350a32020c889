import type { CommandName } from '../ids.ts';

/** What keys do with rows, in the habits of VS Code. */
export type RowAction = 'details' | 'drain' | 'requeue' | 'delete' | 'copy' | 'link' | 'fix';

/** The command of an action for each kind of row that has one. */
export const rowCommands: Readonly<Record<RowAction, Readonly<Partial<Record<string, CommandName>>>>> = {
  details: {
    run: 'showRun',
    phase: 'showPhase',
    failure: 'showPhase',
    drained: 'showPhase',
    executing: 'showPhase',
    finding: 'openIdentityRow',
    source: 'openIdentityRow',
    fact: 'openIdentityRow',
  },
  drain: {
    run: 'drainRun',
    phase: 'drainPhase',
    failure: 'drainPhase',
    cluster: 'drainSample',
    session: 'resumeDrain',
  },
  requeue: { run: 'requeueRun', phase: 'requeuePhase', failure: 'requeuePhase', cluster: 'requeueCluster' },
  // Never a run by the row of one of its phases.
  delete: { run: 'deleteRun' },
  copy: {
    run: 'copyId',
    phase: 'copyId',
    failure: 'copyId',
    drained: 'copyId',
    executing: 'copyId',
    session: 'copyId',
    cluster: 'copyFingerprint',
  },
  link: { run: 'copyLink', phase: 'copyLink', failure: 'copyLink', drained: 'copyLink', cluster: 'copyLink' },
  fix: { finding: 'fixIssue', source: 'fixIssue' },
};
